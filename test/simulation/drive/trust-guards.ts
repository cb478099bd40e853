/** The guards between the gateway and others: who may see, what is believed, what is fetched and sent. */
import type { refuseAddress } from '../../../src/core/address'
import type { nextLookupAt } from '../../../src/core/schedule'
import type { judgeTry } from '../../../src/core/webhook'
import type { isCallbackToken } from '../../../src/flow/callback-url'
import type { sendWebhook } from '../../../src/flow/send-webhook'
import type { settle } from '../../../src/flow/settle'
import type { Guard } from './guard.ts'

type NextLookupAt = typeof nextLookupAt
type Follow = (
  fetchPort: typeof fetch,
  address: string,
  policy: Parameters<typeof refuseAddress>[1],
  signal: AbortSignal,
) => Promise<Response | string>

export const TRUST_GUARDS: readonly Guard[] = [
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
