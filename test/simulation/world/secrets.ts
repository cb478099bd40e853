/**
 * The settings of the simulated gateway. Invariant: no secret among them is ever seen in a log line
 * or an error, nor in what clients are told.
 */
import { PROVIDER_IDS, settingPrefix } from '../../../src/core/request'

const PROVIDER_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  PROVIDER_IDS.map((id) => [`${settingPrefix(id)}_API_KEY`, `sk-sandbox-canary-${id}`]),
)

const CREDIT_PRICES = [0.005, 0.017, 0.003, 0.0125] as const
/** Dollars per credit, so that every provider can be counted against a spend limit. */
export const CREDIT_USD: Readonly<Record<string, number>> = Object.fromEntries(
  PROVIDER_IDS.map((id, place) => [id, CREDIT_PRICES[place % CREDIT_PRICES.length] ?? 0]),
)

export const ORIGIN = 'https://gateway.example.com'
export const ADMIN_TOKEN = 'canary-admin-token-of-the-simulation'
export const SIGNING_SECRET = 'canary-signing-secret-of-the-simulation'
/** After a rotation, when the first one signs nothing any more and still counts. */
export const NEXT_SIGNING_SECRET = 'canary-next-signing-secret-of-the-simulation'
/** In every prompt, beside what the prompt is about. */
export const PROMPT_CANARY = 'canary-in-the-prompt'

export const SETTINGS = {
  PUBLIC_URL: ORIGIN,
  ADMIN_TOKEN,
  SIGNING_SECRET,
  /** One pass a run: how a cron run of a minute goes on is played in `platform/cron.ts`. */
  TICK_SECONDS: '0',
  /** So that a picture is too large while it is still quickly played. */
  MAX_OUTPUT_BYTES: '1000000',
  ...PROVIDER_KEYS,
  ...Object.fromEntries(
    Object.entries(CREDIT_USD).map(([provider, usd]) => [
      `${provider.toUpperCase().replaceAll('.', '_')}_CREDIT_USD`,
      String(usd),
    ]),
  ),
}

export const CANARIES: readonly string[] = [
  ...Object.values(PROVIDER_KEYS),
  ADMIN_TOKEN,
  SIGNING_SECRET,
  NEXT_SIGNING_SECRET,
  PROMPT_CANARY,
]

export const ROTATED_SETTINGS = {
  ...SETTINGS,
  SIGNING_SECRET: NEXT_SIGNING_SECRET,
  SIGNING_SECRET_PREVIOUS: SIGNING_SECRET,
}

/** An answer or a message without what it says of the client's own request. */
export function withoutRequest(json: string): string {
  if (json === '') return ''
  return JSON.stringify(
    JSON.parse(json, (name, value: unknown) => (name === 'request' ? undefined : value)),
  )
}
