/** The guards of what is recorded: tasks, attempts, leases, deadlines, money. */
import type { Guard } from './guard.ts'

export const RECORD_GUARDS: readonly Guard[] = [
  {
    guard: 'compare-and-set on the version',
    exchange: {
      file: 'src/db/tasks.ts',
      from: 'case when ${tasks.version} = ${before.version} then ${version} end',
      to: '${version}',
    },
  },
  {
    guard: 'intent is recorded before the money leaves',
    exchange: {
      file: 'src/flow/submit.ts',
      from: "const won = await settle(ports, task.id, { type: 'opened', attempts })",
      to: "settle(ports, task.id, { type: 'opened', attempts })\n  const won = task",
    },
  },
  {
    guard: 'only the run that recorded an attempt sends it',
    exchange: {
      file: 'src/flow/submit.ts',
      from: 'const recorded = won ?? (await findRecorded(ports, task.id, attempts))',
      to: 'const recorded = won ?? (await findRecorded(ports, task.id, attempts)) ?? task',
    },
  },
  {
    guard: 'the unique index on references',
    exchange: {
      file: 'migrations/0000_initial.sql',
      from: 'CREATE UNIQUE INDEX `attempts_reference`',
      to: 'CREATE INDEX `attempts_reference`',
    },
  },
  {
    guard: 'the unique index on idempotency keys',
    exchange: {
      file: 'migrations/0000_initial.sql',
      from: 'CREATE UNIQUE INDEX `tasks_idempotency`',
      to: 'CREATE INDEX `tasks_idempotency`',
    },
  },
  {
    guard: 'the lease: it protects a run that is alive',
    exchange: {
      file: 'src/flow/step.ts',
      from: 'attempt.leaseUntil > ports.now()',
      to: 'false',
    },
  },
  {
    guard: 'the lease: it ends for a run that died',
    exchange: {
      file: 'src/flow/step.ts',
      from: 'attempt.leaseUntil > ports.now()',
      to: 'true',
    },
  },
  {
    guard: 'a stored picture is adopted by its key',
    exchange: {
      file: 'src/flow/store.ts',
      from: 'await adoptPicture(ports.bucket, key)',
      to: 'null',
    },
  },
  {
    guard: 'an unknown outcome is never sent again',
    exchange: {
      file: 'src/core/plan.ts',
      from: "if (!task.request.resubmit_on_unknown) return 'never'",
      to: '',
    },
  },
  {
    guard: 'a task gives back what it was not charged',
    exchange: {
      file: 'src/db/limits.ts',
      from: 'if (difference === 0) return []',
      to: 'return []',
    },
  },
  {
    guard: 'the cron settles deadlines',
    exchange: {
      file: 'src/flow/sweep.ts',
      from: '!isTerminal(task) && task.deadlineAt <= ports.now()',
      to: 'false',
    },
  },
  {
    guard: 'a terminal status is final',
    exchange: {
      file: 'src/core/transition.ts',
      from: '  if (isTerminal(task)) return task\n',
      to: '',
    },
  },
  {
    guard: 'only a queued task can be canceled',
    exchange: {
      file: 'src/core/transition.ts',
      from: "return task.status === 'queued' ?",
      to: 'return !isTerminal(task) ?',
    },
  },
  {
    guard: 'a deleted task forgets what it was about',
    exchange: {
      file: 'src/core/transition.ts',
      from: '    request: { model, n },\n',
      to: '',
    },
  },
]
