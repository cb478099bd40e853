/** The guards towards the outside: callbacks, addresses, pictures, webhooks, the log. */
import type { Guard } from './guard.ts'

export const OUTSIDE_GUARDS: readonly Guard[] = [
  {
    guard: 'the callback token',
    exchange: {
      file: 'src/handlers/callbacks.ts',
      from: '!(await isCallbackToken(ports.settings, attempt, token))',
      to: 'false',
    },
  },
  {
    guard: "the look-up that confirms a callback's claim",
    exchange: {
      file: 'src/flow/hint.ts',
      from: "{ type: 'hinted', attemptId, reference }",
      to: "{ type: 'accepted', attemptId, reference, price: null, pollIntervalMs: 15_000 }",
    },
  },
  {
    guard: 'an answer about another job is no news',
    exchange: {
      file: 'src/core/attempt-transition.ts',
      from: 'event.asked !== jobToAskFor(attempt)',
      to: 'false',
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
      file: 'src/core/attempt-transition.ts',
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
      from: "return this.#isComplete() ? null : { kind: 'cut_off' }",
      to: 'return null',
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
      from: 'sendWebhook(ports, url, secrets, delivery.id, {',
      to: "sendWebhook(ports, url, secrets, ports.newId('msg'), {",
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
]
