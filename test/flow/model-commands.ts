/**
 * What can be done to the gateway in the model-based test, and how it is done for real.
 *
 * A story is a request and how the sandbox will treat it, so its prompt decides how it may end.
 */
import fc from 'fast-check'
import type { ProviderId } from '../../src/core/task'

export interface Story {
  /** What the sandbox reads in the prompt. */
  directive: string
  providers: ProviderId[]
  /** `succeeded`, or the codes of errors that may end it. */
  ends: string[]
  /** Whether it ends without a deadline, whatever callbacks and ticks get lost. */
  endsAlone: boolean
  /** The most jobs that may be paid and not refunded. */
  paidMax: number
  /** The client accepts to pay twice. */
  resubmits?: boolean
}

const UNKNOWN = 'submit_outcome_unknown'
const once = { endsAlone: true, paidMax: 1 }

export const STORIES: readonly Story[] = [
  { directive: '', providers: ['aivideoapi.ai'], ends: ['succeeded'], ...once },
  { directive: '', providers: ['gptimage2api.org'], ends: ['succeeded'], ...once },
  { directive: '', providers: ['nanobananaapi.dev'], ends: ['succeeded'], ...once },
  { directive: 'callback=none', providers: ['aivideoapi.ai'], ends: ['succeeded'], ...once },
  // Its callback comes while the submission is still being answered.
  { directive: 'hold=1 delay=0', providers: ['aivideoapi.ai'], ends: ['succeeded'], ...once },
  {
    directive: 'gptimage2.ai submit=400',
    providers: ['gptimage2.ai', 'nanobananaapi.dev'],
    ends: ['succeeded'],
    ...once,
  },
  {
    directive: 'aivideoapi.ai finish=fail',
    providers: ['aivideoapi.ai', 'gptimage2.ai'],
    ends: ['succeeded'],
    ...once,
  },
  { directive: 'submit=400', providers: ['gptimage2.ai'], ends: ['provider_rejected'], ...once },
  {
    directive: 'submit=moderated',
    providers: ['gptimage2.ai'],
    ends: ['content_refused'],
    ...once,
  },
  { directive: 'finish=fail', providers: ['gptimage2.ai'], ends: ['provider_failed'], ...once },
  { directive: 'answer=500', providers: ['gptimage2.ai'], ends: [UNKNOWN], ...once },
  {
    directive: 'answer=drop',
    providers: ['aivideoapi.ai'],
    ends: ['succeeded', UNKNOWN],
    endsAlone: false,
    paidMax: 1,
  },
  {
    directive: 'answer=500 times=1',
    providers: ['gptimage2.ai'],
    ends: ['succeeded'],
    endsAlone: true,
    paidMax: 2,
    resubmits: true,
  },
  {
    directive: 'delay=600',
    providers: ['gptimage2.ai'],
    ends: ['timed_out'],
    endsAlone: false,
    paidMax: 1,
  },
]

/** Whose first run dies: before it submits (and it is canceled then), or with its submission under way. */
export const CRASHES = (['aivideoapi.ai', 'gptimage2.ai'] as const).flatMap((provider) =>
  (['before', 'canceled', 'sending', 'taken'] as const).map((dies) => ({ provider, dies })),
)
export type Crash = (typeof CRASHES)[number]

export type Command =
  | { type: 'submit'; key: number; idempotencyKey: string | null; story: Story }
  | { type: 'crash'; key: number; crash: Crash }
  /** Runs of the cron side by side, of every task that is due or of all of them. */
  | { type: 'tick'; atOnce: number; dueNow: boolean }
  /** The jobs that the sandbox has taken are done. */
  | { type: 'finish' }
  | { type: 'callback'; task: number; how: 'valid' | 'twice' | 'forged' | 'unreadable' | 'stolen' }
  /** Of the newest task, since only a task that no provider was asked for can be canceled. */
  | { type: 'cancel' }
  | { type: 'expire'; task: number }
  | { type: 'lapse'; task: number }
  /** Runs that were believed dead get their answers after all. */
  | { type: 'revive' }
  | { type: 'rotate' }

const key = fc.nat({ max: 1 })
const task = fc.nat({ max: 20 })
const story = fc.constantFrom(...STORIES)
const idempotencyKey = fc.constantFrom(null, null, 'a', 'b')
const how = fc.constantFrom('valid', 'twice', 'forged', 'unreadable', 'stolen')
const type = <T extends string>(name: T) => fc.constant(name)

export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ type: type('submit'), key, idempotencyKey, story }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ type: type('crash'), key, crash: fc.constantFrom(...CRASHES) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: type('tick'),
        atOnce: fc.constantFrom(1, 3),
        dueNow: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: type('finish') }) },
    { weight: 4, arbitrary: fc.record({ type: type('callback'), task, how }) },
    { weight: 3, arbitrary: fc.record({ type: type('cancel') }) },
    { weight: 1, arbitrary: fc.record({ type: type('expire'), task }) },
    { weight: 1, arbitrary: fc.record({ type: type('lapse'), task }) },
    { weight: 1, arbitrary: fc.record({ type: type('revive') }) },
    { weight: 1, arbitrary: fc.record({ type: type('rotate') }) },
  ),
  { minLength: 6, maxLength: 24, size: 'max' },
)
