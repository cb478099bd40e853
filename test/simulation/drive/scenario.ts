/** What a seed is about: the orders, how the providers behave, and how long faults go on. */
import { MANNERS } from '../../../sandbox/vocabulary'
import { PROVIDER_IDS, type ProviderId } from '../../../src/core/request'
import type { Order } from '../world/client'
import type { Port } from '../world/faults'
import type { Random } from '../world/random'
import { BEHAVIOURS, receiverUrl } from '../world/receiver'
import { PROMPT_CANARY } from '../world/secrets'

export const PROVIDERS = PROVIDER_IDS
export type ProviderName = ProviderId

const ROTATES_WITHIN_MS = 60_000
const DEPLOYS_WITHIN_MS = 60_000
const BAD_PICTURES = ['404', '500', 'html', 'svg', 'huge', 'truncated', 'cut'] as const
/** Large enough to be kept as it comes, small enough to be taken and quickly played. */
const LARGE_BYTES = 900_000
/** Every manner that the sandbox has, in every value. */
const MANNER_WORDS = Object.entries(MANNERS).flatMap(([name, { values }]) =>
  name === 'bytes'
    ? [`bytes=${LARGE_BYTES}`]
    : values.map((value) => `${name}=${value === 'N' ? '200' : value}`),
)
const BAD_ADDRESSES = ['redirect', 'redirects', 'private', 'private-direct', 'expires'] as const

export interface Scenario {
  orders: Order[]
  faultsForMs: number
  jobSecondsMax: number
  /** Nothing that is asked of anybody keeps a task from success. */
  mustSucceed: boolean
  /** Where one fault may cost a calm task all the same. */
  fragile: readonly Port[]
  /** Roaming: says something false now and then; lurking: whenever a job is being submitted. */
  forger: 'absent' | 'roaming' | 'lurking'
  /** When the signing secret is exchanged, or null. */
  rotatesAfterMs: number | null
  /** When a new version is deployed, which takes every runner's memory, or null. */
  deploysAfterMs: number | null
  /** When the database is down, and for how long, or null. */
  outage: { afterMs: number; forMs: number } | null
  /** The key may not spend more than a sum that is never reached. */
  hasSpendLimit: boolean
}

export function randomScenario(random: Random): Scenario {
  const isCalm = random.chance(0.02)
  const rotation = random.fork('rotation')
  const deployment = random.fork('deployment')
  const orders = Array.from({ length: random.integer(1, 4) }, (_, position) => {
    const own = random.fork(`order ${position}`)
    const order = randomOrder(own, position, isCalm)
    return own.fork('sdk').chance(0.2) ? asBySdk(own.fork('sdk order'), order) : order
  })
  return {
    orders,
    faultsForMs: random.pick([20, 60, 180, 600, 1_200]) * 1000,
    jobSecondsMax: random.pick([1, 4, 12, 40]),
    mustSucceed: isCalm,
    fragile: ['submit'],
    forger: !isCalm && random.chance(0.4) ? 'roaming' : 'absent',
    rotatesAfterMs: rotation.chance(0.3) ? rotation.integer(0, ROTATES_WITHIN_MS) : null,
    deploysAfterMs: deployment.chance(0.2) ? deployment.integer(0, DEPLOYS_WITHIN_MS) : null,
    outage: null,
    hasSpendLimit: random.chance(0.5),
  }
}

function randomOrder(random: Random, position: number, isCalm: boolean): Order {
  const marker = `order-${position}-of-this-run`
  const n = random.pick([1, 1, 1, 2, 3, 6])
  const directives = [
    ...(isCalm ? [] : randomDirectives(random, n)),
    ...randomManners(random.fork('manners')),
  ]
  return {
    marker,
    startsAfterMs: random.integer(0, 30_000),
    idempotencyKey: random.chance(0.75) ? `key-${marker}` : null,
    waitSeconds: random.pick([0, 0, 5, 60]),
    cancelsAfterMs: !isCalm && random.chance(0.15) ? random.pick([0, 20, 500, 5_000]) : null,
    deletesAfterMs: random.chance(0.25) ? random.pick([0, 20, 2_000, 60_000]) : null,
    sdkTimeoutMs: null,
    body: {
      prompt: [PROMPT_CANARY, marker, ...directives].join(' '),
      n,
      ...randomRoute(random),
      ...(isCalm || random.chance(0.3) ? {} : { deadline_seconds: random.integer(30, 300) }),
      ...(random.chance(0.6)
        ? { callback_url: receiverUrl(random.chance(0.5) ? 'ok' : random.pick(BEHAVIOURS), marker) }
        : {}),
      ...(random.chance(0.2) ? { resubmit_on_unknown: true } : {}),
      ...(random.chance(0.2) ? { failover_on_refusal: true } : {}),
    },
  }
}

/** The same picture, ordered in the words of OpenAI, which know nothing of providers and deadlines. */
function asBySdk(random: Random, order: Order): Order {
  const { prompt, n } = order.body
  return {
    ...order,
    idempotencyKey: null,
    waitSeconds: 0,
    cancelsAfterMs: null,
    deletesAfterMs: null,
    sdkTimeoutMs: random.pick([3_000, 10_000, 60_000, 600_000]),
    body: { prompt, n, ...(random.chance(0.3) ? { quality: 'high' } : {}) },
  }
}

function randomRoute(random: Random): Pick<Order['body'], 'provider' | 'providers'> {
  const first = random.pick(PROVIDERS)
  if (random.chance(0.6)) return { provider: first }
  if (random.chance(0.2)) return {}
  const second = random.pick(PROVIDERS)
  return { providers: first === second ? [first] : [first, second] }
}

/** Odd but complete ways to answer, which must cost nothing; of two for one thing the last one holds. */
function randomManners(random: Random): string[] {
  if (random.chance(0.4)) return []
  return PROVIDERS.filter(() => random.chance(0.7)).map((provider) => {
    const words = Array.from({ length: random.integer(1, 3) }, () => randomManner(random))
    return `[[${provider} ${words.join(' ')}]]`
  })
}

function randomManner(random: Random): string {
  // Half of the times what is oddest, and goes the longest way.
  if (random.chance(0.25)) return `inline=${random.pick(MANNERS.inline.values)}`
  if (random.chance(0.25)) return `pictures=${random.pick(MANNERS.pictures.values)}`
  return MANNER_WORDS[random.integer(0, MANNER_WORDS.length - 1)] ?? ''
}

/** Words for the sandbox; see `sandbox/vocabulary.ts`. */
function randomDirectives(random: Random, n: number): string[] {
  if (random.chance(0.4)) return []
  return PROVIDERS.filter(() => random.chance(0.7)).map((provider) => {
    const times = random.integer(1, 4)
    const words = Array.from({ length: random.integer(1, 2) }, () =>
      randomWord(random, provider, n),
    )
    return `[[${provider} times=${times} ${words.join(' ')}]]`
  })
}

function randomWord(random: Random, provider: string, n: number): string {
  const retryAfter = random.integer(0, 45)
  const failures = ['fail', 'moderated'] as const
  // Only this one's documentation leaves room for a failed job that is not refunded.
  const isTold = provider === 'gptimage2api.org'
  return random.pick([
    `submit=${random.pick(['400', '401', '402', '403', '404', '408', '500', '503'])}`,
    `submit=${random.pick(['moderated', 'html'])}`,
    `submit=${random.pick(['body-400', 'body-402', 'body-429', 'body-500'])}`,
    `answer=${random.pick(['body-402', 'body-500'])}`,
    `submit=429 retryAfter=${retryAfter}`,
    `answer=${random.pick(['500', 'drop', 'hang', 'garbage'])}`,
    `finish=${random.pick(isTold ? [...failures, 'fail-charged'] : failures)}`,
    `callback=${random.pick(['none', 'twice'])}`,
    `poll=${random.pick(['500', '404', '429', 'strange', 'garbage'])}`,
    `picture=${random.pick(BAD_PICTURES)}`,
    `picture=${random.pick(BAD_ADDRESSES)}`,
    `delay=${random.pick([0, 1, 10, 60, 350])}`,
    `hold=${random.pick([1, 10, 50, 100])}`,
    `makes=${random.integer(1, n)}`,
    `serves=${random.integer(1, 2)}`,
    // Asked for six hours long, so it is slow to play.
    random.chance(0.02) ? 'finish=empty' : 'finish=fail',
  ])
}
