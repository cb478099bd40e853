/**
 * The guards that the promises rest on, each with what stands in its place when it is switched off.
 *
 * A guard is a function or a constant at the top of a file in `src/`, exported or not, or a unique
 * index. `switch-off.ts` exchanges it by its name; what stands in its place may use the original.
 */
import type { refuseAddress } from '../../../src/core/address'
import type { Attempt } from '../../../src/core/attempt'
import type { TaskEvent } from '../../../src/core/event'
import type { nextLookupAt } from '../../../src/core/schedule'
import type { Task } from '../../../src/core/task'
import type { judgeTry } from '../../../src/core/webhook'
import type { saveTransition } from '../../../src/db/tasks'
import type { isCallbackToken } from '../../../src/flow/callback-url'
import type { sendWebhook } from '../../../src/flow/send-webhook'
import type { settle } from '../../../src/flow/settle'

/** The index is made without being unique. */
export interface IndexGuard {
  guard: string
  index: string
}

export interface SourceGuard {
  guard: string
  /** From the root of the project. */
  file: string
  /** Of a top-level function or constant. */
  name: string
  /** The other value of a constant, or a function that is given the original and returns another one. */
  instead: number | ((original: never) => unknown)
}

export type Guard = IndexGuard | SourceGuard

type Decide = (task: Task, event: TaskEvent, now: number) => Task | null
type NextLookupAt = typeof nextLookupAt
type Change = (task: Task, now: number) => Task
type Follow = (
  fetchPort: typeof fetch,
  address: string,
  policy: Parameters<typeof refuseAddress>[1],
  signal: AbortSignal,
) => Promise<Response | string>

export const GUARDS: readonly Guard[] = [
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
  {
    guard: 'a task is seen by its own key only',
    file: 'src/handlers/auth.ts',
    name: 'keyIdOf',
    instead: () => () => null,
  },
  {
    guard: 'the callback token',
    file: 'src/flow/callback-url.ts',
    name: 'isCallbackToken',
    instead: () => async () => true,
  },
  {
    guard: 'the signing secret before the present one counts',
    file: 'src/flow/callback-url.ts',
    name: 'isCallbackToken',
    instead:
      (check: typeof isCallbackToken): typeof isCallbackToken =>
      (settings, attemptId, token) =>
        check({ ...settings, signingSecrets: [settings.signingSecrets[0]] }, attemptId, token),
  },
  {
    guard: "the lookup that confirms a callback's claim",
    file: 'src/flow/settle.ts',
    name: 'settle',
    instead:
      (original: typeof settle): typeof settle =>
      (ports, taskId, event, known) =>
        original(
          ports,
          taskId,
          event.type === 'hinted' ? { ...event, type: 'accepted', price: null } : event,
          known,
        ),
  },
  {
    guard: 'an answer about another job is no news',
    file: 'src/core/attempt-transition.ts',
    name: 'isOfAnotherJob',
    instead: () => () => false,
  },
  {
    guard: 'the address guard on every hop of a download',
    file: 'src/outputs/download.ts',
    name: 'follow',
    instead:
      (follow: Follow): Follow =>
      (fetchPort, address, policy, signal) =>
        follow(
          (to, init) => fetchPort(to, { ...init, redirect: 'follow' }),
          address,
          policy,
          signal,
        ),
  },
  {
    guard: "the address guard on a provider's own word",
    file: 'src/outputs/download.ts',
    name: 'follow',
    instead:
      (follow: Follow): Follow =>
      async (fetchPort, address, policy, signal) => {
        if (!URL.canParse(address)) return follow(fetchPort, address, policy, signal)
        const response = await fetchPort(address, { redirect: 'manual', signal })
        const location = response.headers.get('location')
        if (location === null) return response
        await response.body?.cancel()
        return follow(fetchPort, new URL(location, address).href, policy, signal)
      },
  },
  {
    guard: 'a download that failed is given a fresh address',
    file: 'src/core/attempt-pictures.ts',
    name: 'refreshSources',
    instead: () => () => null,
  },
  {
    // Both the runner's own pace and the cron's hand-out bring a lookup: each makes up for the other.
    guard: 'a late picture is looked for within the minute',
    file: 'src/core/schedule.ts',
    name: 'nextLookupAt',
    instead:
      (nextLookupAt: NextLookupAt): NextLookupAt =>
      (task, attempt, lookedUpAt, ...rest) => {
        const at = nextLookupAt(task, attempt, lookedUpAt, ...rest)
        return task.completedAt !== null && lookedUpAt !== null ? at + 3_600_000 : at
      },
  },
  {
    guard: 'an endpoint that is gone is left alone',
    file: 'src/core/webhook.ts',
    name: 'judgeTry',
    instead:
      (judge: typeof judgeTry): typeof judgeTry =>
      (tries, answer, random) =>
        judge(tries, answer.status === 410 ? { ...answer, status: 500 } : answer, random),
  },
  {
    guard: 'a picture must be whole',
    file: 'src/core/picture.ts',
    name: 'isWhole',
    instead: () => () => true,
  },
  {
    guard: 'the claim of a webhook runs out',
    file: 'src/flow/session.ts',
    name: 'CLAIM_MS',
    instead: 10 * 365 * 86_400_000,
  },
  {
    guard: 'a webhook keeps its id over all tries',
    file: 'src/flow/send-webhook.ts',
    name: 'sendWebhook',
    instead:
      (send: typeof sendWebhook): typeof sendWebhook =>
      (ports, url, message, signature) =>
        send(ports, url, message, signature && { ...signature, id: ports.newId('msg') }),
  },
  {
    guard: 'redirects of a webhook are not followed',
    file: 'src/flow/send-webhook.ts',
    name: 'sendWebhook',
    instead:
      (send: typeof sendWebhook): typeof sendWebhook =>
      (ports, ...rest) =>
        send(
          { ...ports, fetch: (to, init) => ports.fetch(to, { ...init, redirect: 'follow' }) },
          ...rest,
        ),
  },
  {
    guard: 'errors are logged by their kind only',
    file: 'src/flow/log.ts',
    name: 'kindOf',
    instead: () => (error: Error) => error.message,
  },
]
