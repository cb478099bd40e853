/**
 * The plain stories of the part that tries everything: an order, and one thing that happens to it.
 *
 * Each is struck by every single fault in turn. Those that every change is tried with come first.
 */
import type { Order } from '../world/client'
import { BEHAVIOURS, type Behaviour, receiverUrl } from '../world/receiver'
import { PROMPT_CANARY } from '../world/secrets'
import { PROVIDERS, type ProviderName, type Scenario } from './scenario'

export interface Story {
  name: string
  /** Who is asked first; without it, each provider in turn. */
  providers?: readonly ProviderName[]
  /** Tried with every change, not only in the long run. */
  isQuick?: boolean
  /** Only played without a fault. */
  isClean?: boolean
  n?: number
  /** The first wake gets lost, so that the cron finds the task. */
  isWakeLost?: boolean
  /** For the sandbox, in the prompt; `{provider}` is the one that is asked first. */
  directive?: string
  deadlineSeconds?: number
  /** Another provider may be asked after the first one. */
  hasSecond?: boolean
  receiver?: Behaviour
  /** How often each picture can be had: once means that it must be kept at once. */
  serves?: number
  /** Its answer has to be in the bucket before it counts as known. */
  isKeptFirst?: boolean
  deploysAfterMs?: number
  outage?: Scenario['outage']
  /** It can't succeed in time. */
  isLate?: boolean
  /** Before it another order was made whose job is claimed to be this one's, too. */
  isDeceived?: boolean
  /** Ordered by an SDK of OpenAI. */
  isBySdk?: boolean
}

/** One that is asked for its jobs, and one whose answer is the picture. */
const BOTH_KINDS = ['gptimage2.ai', 'nanobananaapi.dev'] as const

/** So short that a call which hangs is given up. */
const SDK_TIMEOUT_MS = 20_000

const PLAIN: Story = { name: 'one picture', isQuick: true }
const LATE: Story = { name: 'late', directive: 'delay=45', deadlineSeconds: 30, isLate: true }

export const STORIES: readonly Story[] = [
  PLAIN,
  { ...LATE, isQuick: true, providers: ['aivideoapi.ai', 'nanobananaapi.dev'] },
  {
    name: 'failover',
    isQuick: true,
    providers: BOTH_KINDS,
    directive: '{provider} submit=400',
    hasSecond: true,
  },
  {
    name: 'download again',
    isQuick: true,
    providers: BOTH_KINDS,
    directive: 'picture=500 times=1',
    serves: 3,
  },
  {
    name: 'a false claim',
    isQuick: true,
    providers: ['aivideoapi.ai'],
    directive: 'hold=2 delay=60',
    isDeceived: true,
  },
  {
    name: 'done in the last seconds, without a callback',
    isQuick: true,
    isClean: true,
    providers: ['aivideoapi.ai'],
    directive: 'hold=17 delay=25 callback=none',
    deadlineSeconds: 30,
  },
  {
    name: 'the picture in the answer',
    isQuick: true,
    providers: BOTH_KINDS,
    directive: 'inline=b64_json',
    isKeptFirst: true,
  },
  {
    name: 'the database is down for an hour, and a deployment in it',
    isQuick: true,
    isClean: true,
    isLate: true,
    providers: BOTH_KINDS,
    directive: 'hold=10',
    outage: { afterMs: 5_000, forMs: 60 * 60_000 },
    deploysAfterMs: 30 * 60_000,
  },
  // Who names no provider gets the first one.
  { name: 'by an SDK', isQuick: true, isBySdk: true, providers: ['aivideoapi.ai'] },
  { name: 'webhook again', isQuick: true, providers: ['aivideoapi.ai'], receiver: 'late' },
  { ...LATE, providers: ['gptimage2api.org', 'gptimage2.ai'] },
  { name: 'lost wake', isWakeLost: true, serves: 1 },
  { name: 'two pictures', n: 2 },
  { name: 'seven pictures', n: 7, isClean: true },
]

/** The order that a claim is about is finished by then. */
const EARLIER_MS = 10_000
const FAULTS_FOR_MS = 300_000
/** The third try of a webhook comes after five minutes. */
const FAULTS_FOR_LATE_RECEIVER_MS = 400_000

export function scenarioOf(story: Story, provider: ProviderName): Scenario {
  const { receiver = BEHAVIOURS[0], isDeceived = false } = story
  const plain = orderOf(story, provider, isDeceived ? 1 : 0)
  const own = story.isBySdk ? orderBySdk(plain) : plain
  return {
    orders: isDeceived
      ? [orderOf(PLAIN, provider, 0), { ...own, startsAfterMs: EARLIER_MS }]
      : [own],
    faultsForMs: receiver === 'late' ? FAULTS_FOR_LATE_RECEIVER_MS : FAULTS_FOR_MS,
    jobSecondsMax: 6,
    mustSucceed: !story.isLate,
    fragile: fragileIn(story),
    forger: isDeceived ? 'lurking' : 'absent',
    rotatesAfterMs: null,
    deploysAfterMs: story.deploysAfterMs ?? null,
    outage: story.outage ?? null,
    hasSpendLimit: true,
  }
}

function fragileIn({ serves, isKeptFirst }: Story): Scenario['fragile'] {
  if (serves === 1) return ['submit', 'download', 'bucket']
  return isKeptFirst ? ['submit', 'bucket'] : ['submit']
}

function orderOf(story: Story, provider: ProviderName, position: number): Order {
  const marker = `order-${position}-of-this-run`
  const { n = 1, receiver = BEHAVIOURS[0], serves = 2 } = story
  const directives = [`serves=${serves}`, story.directive ?? '']
  const words = directives.map((text) => `[[${text.replace('{provider}', provider)}]]`)
  const second = PROVIDERS[(PROVIDERS.indexOf(provider) + 1) % PROVIDERS.length]
  return {
    marker,
    startsAfterMs: 0,
    idempotencyKey: `key-${position}`,
    waitSeconds: 0,
    cancelsAfterMs: null,
    deletesAfterMs: null,
    sdkTimeoutMs: null,
    body: {
      prompt: [PROMPT_CANARY, marker, ...words].join(' '),
      n,
      ...(story.hasSecond && second ? { providers: [provider, second] } : { provider }),
      ...(story.deadlineSeconds ? { deadline_seconds: story.deadlineSeconds } : {}),
      callback_url: receiverUrl(receiver, marker),
    },
  }
}

function orderBySdk(order: Order): Order {
  const { prompt, n } = order.body
  return { ...order, idempotencyKey: null, sdkTimeoutMs: SDK_TIMEOUT_MS, body: { prompt, n } }
}
