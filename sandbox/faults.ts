/**
 * Faults and manners on demand, asked for in the prompt itself:
 * `A cat [[gptimage2.ai submit=503 times=2]]`.
 *
 * A directive may name a provider; without one it holds for all. `times=N` limits its faults to the
 * first N occasions of that prompt; manners always hold.
 */
import { FAULTS, MANNERS } from './vocabulary.ts'

type FaultValue<Key extends keyof typeof FAULTS> = (typeof FAULTS)[Key]['values'][number]
type MannerValue<Key extends keyof typeof MANNERS> = (typeof MANNERS)[Key]['values'][number]

/** HTTP 200 whose body says this status. */
export type SaidInBody = `body-${number}`
/** HTTP 200 whose error says this status. */
export type SaidInError = `error-${number}`
export type SubmitFault =
  | Exclude<FaultValue<'submit'>, 'body-N' | 'error-N'>
  | SaidInBody
  | SaidInError
export type AnswerFault = Exclude<FaultValue<'answer'>, 'body-N'> | SaidInBody
export type FinishFault = FaultValue<'finish'>

export interface Manners {
  words?: MannerValue<'words'>
  submission?: MannerValue<'submission'>
  task?: MannerValue<'task'>
  ids?: MannerValue<'ids'>
  /** Keys joined by dots; `*` is a list with one entry a picture. */
  pictures?: string
  address?: MannerValue<'address'>
  inline?: MannerValue<'inline'>
  unset?: MannerValue<'unset'>
  submitHttp?: number
  taskHttp?: number
  type?: string
  quoted?: MannerValue<'quoted'>
  framing?: MannerValue<'framing'>
  caller?: MannerValue<'caller'>
  prefix?: MannerValue<'prefix'>
  encoding?: MannerValue<'encoding'>
  length?: MannerValue<'length'>
  format?: MannerValue<'format'>
  bytes?: number
}

export interface Faults extends Manners {
  submit?: SubmitFault
  answer?: AnswerFault
  finish?: FinishFault
  callback?: FaultValue<'callback'>
  poll?: FaultValue<'poll'>
  picture?: Exclude<FaultValue<'picture'>, 'https://…'> | `https://${string}`
  delay?: number
  hold?: number
  retryAfter?: number
  makes?: number
  serves?: number
  times?: number
}

const NUMBERS = new Set(
  Object.entries({ ...FAULTS, ...MANNERS }).flatMap(([key, { values }]) =>
    values.every((value) => /^(N|\d+)$/.test(value)) ? [key] : [],
  ),
)

/** What the prompt asks of one provider. */
export function readFaults(provider: string, prompt: string): Faults {
  const faults: Record<string, string | number> = {}
  for (const [, directive = ''] of prompt.matchAll(/\[\[(.+?)\]\]/g)) {
    const words = directive.trim().split(/\s+/)
    const named = words.filter((word) => !word.includes('='))
    if (named.length > 0 && !named.includes(provider)) continue
    for (const word of words) {
      const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(word) ?? []
      if (name !== '') faults[name] = NUMBERS.has(name) ? Number(value) : value
    }
  }
  return faults
}

/** The status in `body-402`. */
export function saidInBody(fault: SubmitFault | AnswerFault): number | null {
  return statusBehind('body-', fault)
}

/** The status in `error-402`. */
export function saidInError(fault: SubmitFault): number | null {
  return statusBehind('error-', fault)
}

function statusBehind(prefix: string, fault: string): number | null {
  return fault.startsWith(prefix) ? Number(fault.slice(prefix.length)) : null
}
