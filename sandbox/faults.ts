/**
 * Faults on demand, asked for in the prompt itself: `A cat [[gptimage2.ai submit=503 times=2]]`.
 *
 * A directive may name a provider; without one it holds for all. `times=N` limits it to the first
 * N occasions of that prompt; without it the fault stays.
 */

/** Answers a submission with this status and takes no job; `moderated` refuses the content. */
export type SubmitFault =
  | '400'
  | '401'
  | '402'
  | '403'
  | '404'
  | '408'
  | '429'
  | '500'
  | '503'
  | 'moderated'
  | 'html'
/** Takes the job, and the money, then spoils the answer. */
export type AnswerFault = '500' | 'drop' | 'hang' | 'garbage'
export type FinishFault = 'fail' | 'fail-charged' | 'moderated' | 'empty'
export type CallbackFault = 'none' | 'twice'
export type PollFault = '500' | '404' | '429' | 'strange' | 'garbage'
export type PictureFault =
  | '404'
  | '500'
  /** Something else that says it is a PNG. */
  | 'html'
  | 'svg'
  /** A PNG that goes on for 60 MiB. */
  | 'huge'
  /** Breaks off before its promised length, or ends early without having promised one. */
  | 'truncated'
  | 'cut'
  /** Redirects to itself, or five times in a row. */
  | 'redirect'
  | 'redirects'
  /** Redirects to a private address, or is itself one as the provider names it. */
  | 'private'
  | 'private-direct'
  /** Each answer of the provider names a fresh address, which works once and for 20 seconds. */
  | 'expires'
  /** Redirects there. */
  | `https://${string}`

export interface Faults {
  submit?: SubmitFault
  answer?: AnswerFault
  finish?: FinishFault
  callback?: CallbackFault
  poll?: PollFault
  picture?: PictureFault
  /** Seconds until the job is done. */
  delay?: number
  /** Seconds that the answer to a submission is held back after the job is taken. */
  hold?: number
  /** Seconds in the `Retry-After` of a 429. */
  retryAfter?: number
  /** Pictures made, whatever was asked for. */
  makes?: number
  /** How often each picture is served before it is gone. */
  serves?: number
  /** How often the fault strikes. */
  times?: number
}

const NUMBERS = new Set(['delay', 'hold', 'retryAfter', 'makes', 'serves', 'times'])

/** What the prompt asks of one provider. */
export function readFaults(provider: string, prompt: string): Faults {
  const faults: Record<string, string | number> = {}
  for (const [, directive = ''] of prompt.matchAll(/\[\[(.+?)\]\]/g)) {
    const words = directive.trim().split(/\s+/)
    const named = words.filter((word) => !word.includes('='))
    if (named.length > 0 && !named.includes(provider)) continue
    for (const word of words.filter((candidate) => candidate.includes('='))) {
      const [name = '', value = ''] = word.split('=')
      faults[name] = NUMBERS.has(name) ? Number(value) : value
    }
  }
  return faults
}
