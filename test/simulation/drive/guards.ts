/** The guards that the promises rest on, each with the exchange that switches it off. */
import type { Exchange } from './bundle.ts'

export const GUARDS: ReadonlyArray<{ guard: string; exchange: Exchange }> = [
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
      from: "const won = await settle(engine, task.id, { type: 'opened', attempts })",
      to: "const won = settle(engine, task.id, { type: 'opened', attempts })",
    },
  },
  {
    guard: 'only the run that recorded an attempt sends it',
    exchange: {
      file: 'src/flow/submit.ts',
      from: 'return won || (await wereRecorded(engine, task.id, attempts)) ? attempts : []',
      to: 'return won || (await wereRecorded(engine, task.id, attempts)) ? attempts : attempts',
    },
  },
  {
    guard: 'the callback token',
    exchange: {
      file: 'src/handlers/callbacks.ts',
      from: '!(await isCallbackToken(engine.settings, attempt, token))',
      to: 'false',
    },
  },
  {
    guard: "the look-up that confirms a callback's claim",
    exchange: {
      file: 'src/handlers/callbacks.ts',
      from: "{ type: 'hinted', attemptId: attempt, reference }",
      to: "{ type: 'accepted', attemptId: attempt, reference, price: null, pollIntervalMs: 15_000 }",
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
      from: 'attempt.leaseUntil > engine.now()',
      to: 'false',
    },
  },
  {
    guard: 'the lease: it ends for a run that died',
    exchange: {
      file: 'src/flow/step.ts',
      from: 'attempt.leaseUntil > engine.now()',
      to: 'true',
    },
  },
  {
    guard: 'a stored picture is adopted by its key',
    exchange: {
      file: 'src/flow/store.ts',
      from: 'await adoptPicture(engine.bucket, key)',
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
    guard: 'the address guard on every hop of a download',
    exchange: {
      file: 'src/outputs/download.ts',
      from: 'const refused = refuseAddress(current, policy)',
      to: 'const refused = hops === 0 ? refuseAddress(current, policy) : null',
    },
  },
  {
    guard: "the address guard on a provider's own word",
    exchange: {
      file: 'src/outputs/download.ts',
      from: 'const refused = refuseAddress(current, policy)',
      to: 'const refused = hops > 0 ? refuseAddress(current, policy) : null',
    },
  },
  {
    guard: 'a download that failed is given a fresh address',
    exchange: {
      file: 'src/core/transition.ts',
      from: "return status === 'succeeded' ? refreshSources(task, attempt, event.urls) : null",
      to: 'return null',
    },
  },
  {
    guard: 'a late picture is looked for every half minute',
    exchange: {
      file: 'src/core/schedule.ts',
      from: 'RECOVERY_INTERVAL_MS = 30_000',
      to: 'RECOVERY_INTERVAL_MS = 3_600_000',
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
    guard: 'an endpoint that is gone is left alone',
    exchange: {
      file: 'src/core/webhook.ts',
      from: 'if (next === undefined || answer.status === STATUS_GONE)',
      to: 'if (next === undefined)',
    },
  },
  {
    guard: 'a picture must be whole',
    exchange: {
      file: 'src/outputs/bucket.ts',
      from: 'if (head && !isWhole(head, this.#tail, this.bytes))',
      to: 'if (false)',
    },
  },
  {
    guard: 'the cron settles deadlines',
    exchange: {
      file: 'src/flow/sweep.ts',
      from: '!isTerminal(task) && task.deadlineAt <= engine.now()',
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
    guard: 'the claim of a webhook runs out',
    exchange: {
      file: 'src/flow/deliver.ts',
      from: 'task.id, now, now + CLAIM_MS)',
      to: 'task.id, now, Number.MAX_SAFE_INTEGER)',
    },
  },
  {
    guard: 'a webhook keeps its id over all tries',
    exchange: {
      file: 'src/flow/deliver.ts',
      from: 'sendWebhook(engine, url, secrets, delivery.id, {',
      to: "sendWebhook(engine, url, secrets, engine.newId('msg'), {",
    },
  },
  {
    guard: 'redirects of a webhook are not followed',
    exchange: {
      file: 'src/flow/deliver.ts',
      from: "redirect: 'manual'",
      to: "redirect: 'follow'",
    },
  },
  {
    guard: 'errors are logged by their kind only',
    exchange: {
      file: 'src/app.ts',
      from: 'reason: error.name',
      to: 'reason: error.message',
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
