/** The guards of a task: paid once, never lost, never stuck, and its money adds up. */
import type { Attempt } from '../../../src/core/attempt'
import type { TaskEvent } from '../../../src/core/event'
import type { Task } from '../../../src/core/task'
import type { saveTransition } from '../../../src/db/tasks'
import type { Guard } from './guard.ts'

type Decide = (task: Task, event: TaskEvent, now: number) => Task | null
type Change = (task: Task, now: number) => Task

export const TASK_GUARDS: readonly Guard[] = [
  {
    guard: 'compare-and-set on the version',
    file: 'src/db/tasks.ts',
    name: 'saveTransition',
    instead:
      (save: typeof saveTransition): typeof saveTransition =>
      async (database, before, after, delivery) => {
        for (const others of [0, 1, -1, 2, -2, 3, -3]) {
          const version = before.version + others
          if (await save(database, { ...before, version }, after, delivery)) return true
        }
        return false
      },
  },
  {
    guard: 'intent is recorded before the money leaves',
    file: 'src/db/tasks.ts',
    name: 'saveTransition',
    instead:
      (save: typeof saveTransition): typeof saveTransition =>
      async (database, before, after, delivery) => {
        const saved = save(database, before, after, delivery)
        if (after.attempts.length === before.attempts.length) return saved
        saved.catch(() => undefined)
        return true
      },
  },
  {
    guard: 'only the run that recorded an attempt sends it',
    file: 'src/flow/submit.ts',
    name: 'isToBeSent',
    instead: () => () => true,
  },
  { guard: 'the unique index on references', index: 'attempts_reference' },
  { guard: 'the unique index on idempotency keys', index: 'tasks_idempotency' },
  {
    guard: 'the lease: it protects a run that is alive',
    file: 'src/core/attempt.ts',
    name: 'isLeaseOver',
    instead: () => (attempt: Attempt) => attempt.status === 'submitting',
  },
  {
    guard: 'the lease: it ends for a run that died',
    file: 'src/core/attempt.ts',
    name: 'isLeaseOver',
    instead: () => () => false,
  },
  {
    guard: "a paid answer is in the runner's own storage before it is written",
    file: 'src/runner.ts',
    name: 'answersIn',
    instead: () => () => ({ put: async () => undefined, list: async () => [] }),
  },
  {
    guard: 'the cron hands out what is due',
    file: 'src/db/tasks.ts',
    name: 'claimDueTasks',
    instead: () => async () => [],
  },
  {
    guard: 'a stored picture is adopted by its key',
    file: 'src/outputs/bucket.ts',
    name: 'adoptPicture',
    instead: () => async () => null,
  },
  {
    guard: 'a kept answer is taken up',
    file: 'src/flow/kept-answer.ts',
    name: 'findAnswer',
    instead: () => async () => null,
  },
  {
    guard: 'a task commits no more than was reserved',
    file: 'src/core/spending.ts',
    name: 'fitsReservation',
    instead: () => () => true,
  },
  {
    guard: 'an unknown outcome is never sent again',
    file: 'src/core/plan.ts',
    name: 'retryOf',
    instead:
      <Retry>(retryOf: (task: Task, attempt: Attempt) => Retry): typeof retryOf =>
      (task, attempt) =>
        retryOf({ ...task, request: { ...task.request, resubmit_on_unknown: true } }, attempt),
  },
  {
    guard: 'a task gives back what it was not charged',
    file: 'src/db/limits.ts',
    name: 'adjustHold',
    instead: () => () => [],
  },
  {
    guard: 'a repeat joins what it repeats',
    file: 'src/flow/join.ts',
    name: 'chooseFrom',
    instead: () => async () => null,
  },
  {
    guard: 'equal requests stand in one line',
    file: 'src/flow/join.ts',
    name: 'PLACES_MAX',
    instead: 0,
  },
  {
    guard: 'usage changes with the ledger',
    file: 'src/core/usage.ts',
    name: 'usageDifference',
    instead: () => () => [],
  },
  {
    guard: 'the cron settles deadlines',
    file: 'src/flow/sweep.ts',
    name: 'isOverdue',
    instead: () => () => false,
  },
  {
    guard: 'a terminal status is final',
    file: 'src/core/transition.ts',
    name: 'conclude',
    instead:
      (conclude: Change): Change =>
      (task, now) => {
        const concluded = conclude({ ...task, status: 'processing' }, now)
        return concluded.status === 'processing' ? task : concluded
      },
  },
  {
    guard: 'only a queued task can be canceled',
    file: 'src/core/transition.ts',
    name: 'apply',
    instead:
      (apply: Decide): Decide =>
      (task, event, now) => {
        const isOpen = event.type === 'canceled' && task.completedAt === null
        return apply(isOpen ? { ...task, status: 'queued' } : task, event, now)
      },
  },
  {
    guard: 'a deleted task forgets what it was about',
    file: 'src/core/transition.ts',
    name: 'forget',
    instead:
      (forget: Change): Change =>
      (task, now) => ({ ...forget(task, now), request: task.request }),
  },
]
