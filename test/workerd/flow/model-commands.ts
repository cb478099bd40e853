/**
 * What can be done to the gateway in the model-based test, and how it is done for real.
 *
 * A story is a request and how the sandbox will treat it, so its prompt decides how it may end.
 */
import fc from 'fast-check'
import type { ProviderId } from '../../../src/core/task'

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

/** Where a run may die: at a call to the outside, or before its first. */
export interface Crash {
  story: Story
  call: 'none' | 'submission' | 'second submission' | 'look-up' | 'download'
  /** Whether the call arrived; its answer never does. */
  arrives: boolean
}

const storiesOf = (directive: string, providers: readonly ProviderId[]) =>
  STORIES.filter(
    (story) => story.directive === directive && providers.some((id) => id === story.providers[0]),
  )
const CALLING_BACK = storiesOf('', ['aivideoapi.ai'])
const GOING_ON = STORIES.filter(({ providers }) => providers.length > 1)

const crashesAt = (call: Crash['call'], stories: readonly Story[], ways = [true, false]) =>
  fc.record({
    story: fc.constantFrom(...stories),
    call: fc.constant(call),
    arrives: fc.constantFrom(...ways),
  })
const ASKED = [...CALLING_BACK, ...storiesOf('', ['gptimage2api.org'])]
const SIMPLE = [...ASKED, ...storiesOf('', ['nanobananaapi.dev'])]

const crash: fc.Arbitrary<Crash> = fc.oneof(
  { weight: 3, arbitrary: crashesAt('none', SIMPLE, [true]) },
  { weight: 2, arbitrary: crashesAt('submission', SIMPLE) },
  // Its callback comes although its submission will never be answered.
  { weight: 3, arbitrary: crashesAt('submission', CALLING_BACK, [true]) },
  { weight: 3, arbitrary: crashesAt('second submission', GOING_ON) },
  { weight: 3, arbitrary: crashesAt('look-up', ASKED) },
  { weight: 2, arbitrary: crashesAt('download', SIMPLE) },
)

const CALLBACKS = ['valid', 'twice', 'early', 'late', 'forged', 'unreadable', 'stolen'] as const

/** Every kind of command that must have found something to do by the end. */
export const KINDS = [
  ...['submit', 'submit at once', 'repeat same', 'repeat other'],
  ...['repeat same when over', 'repeat other when over'],
  ...['crash at none', 'crash at submission', 'crash at submission, lost'],
  ...['crash at second submission', 'crash at second submission, lost'],
  ...['crash at look-up', 'crash at look-up, lost', 'crash at download', 'crash at download, lost'],
  ...CALLBACKS.map((how) => `callback ${how}`),
  ...['tick', 'finish', 'cancel', 'cancel in vain', 'expire', 'lapse', 'revive', 'rotate'],
]

/** `task` counts among those made earlier that the command fits. */
export type Command =
  | { type: 'submit'; key: number; atOnce: number; isKeyed: boolean; story: Story }
  /** With the idempotency key of an earlier task. */
  | { type: 'repeat'; task: number; atOnce: number; body: 'same' | 'other' }
  | { type: 'crash'; key: number; crash: Crash }
  /** Runs of the cron side by side, of every task that is due or of all of them. */
  | { type: 'tick'; atOnce: number; dueNow: boolean }
  /** The jobs that the sandbox has taken are done. */
  | { type: 'finish' }
  | { type: 'callback'; task: number; how: (typeof CALLBACKS)[number] }
  /** Only a task that no provider was asked for can be canceled. */
  | { type: 'cancel'; task: number; isQueued: boolean }
  | { type: 'expire'; task: number }
  | { type: 'lapse'; task: number }
  /** Runs that were believed dead get their answers after all. */
  | { type: 'revive' }
  | { type: 'rotate' }

const key = fc.nat({ max: 1 })
const task = fc.nat({ max: 20 })
const atOnce = fc.constantFrom(1, 3)
const type = <T extends string>(name: T) => fc.constant(name)

const submit = fc.record({
  type: type('submit'),
  key,
  atOnce,
  isKeyed: fc.constantFrom(true, true, false),
  story: fc.oneof(fc.constantFrom(...STORIES), fc.constantFrom(...CALLING_BACK)),
})
const crashed = fc.record({ type: type('crash'), key, crash })
const repeat = fc.record({
  type: type('repeat'),
  task,
  atOnce,
  body: fc.constantFrom('same', 'same', 'other'),
})
const callback = fc.record({
  type: type('callback'),
  task,
  // More often those that fewer tasks fit.
  how: fc.constantFrom(...CALLBACKS, 'valid', 'valid', 'twice', 'early', 'early', 'early', 'late'),
})

const cancel = fc.record({ type: type('cancel'), task, isQueued: fc.boolean() })

const first = fc.oneof(
  { weight: 4, arbitrary: submit },
  { weight: 4, arbitrary: crashed },
  // Before the first tick a task whose wake got lost is still queued.
  { weight: 1, arbitrary: cancel },
)

const later = fc.oneof(
  { weight: 2, arbitrary: submit },
  { weight: 2, arbitrary: crashed },
  { weight: 5, arbitrary: repeat },
  { weight: 8, arbitrary: callback },
  { weight: 2, arbitrary: fc.record({ type: type('tick'), atOnce, dueNow: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: type('finish') }) },
  { weight: 2, arbitrary: cancel },
  { weight: 1, arbitrary: fc.record({ type: type('expire'), task }) },
  { weight: 2, arbitrary: fc.record({ type: type('lapse'), task }) },
  { weight: 1, arbitrary: fc.record({ type: type('revive') }) },
  { weight: 1, arbitrary: fc.record({ type: type('rotate') }) },
)

/** Some tasks first, so that the rest finds what it is about. */
export const commands: fc.Arbitrary<Command[]> = fc
  .tuple(
    fc.array<Command>(first, { minLength: 4, maxLength: 6, size: 'max' }),
    fc.array<Command>(later, { minLength: 8, maxLength: 20, size: 'max' }),
  )
  .map((parts) => parts.flat())
