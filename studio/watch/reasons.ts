/** Why something went wrong, in plain words, and what to do next. */
import type { Attempt, Task } from '../../client/index.ts'

export interface Reason {
  title: string
  next: string
}

type Failure = NonNullable<Task['error']>

const REASONS: Record<Failure['code'], Reason> = {
  content_refused: {
    title: 'The content was refused',
    next: 'Say it differently, or leave out what the provider may object to.',
  },
  provider_rejected: {
    title: 'The provider did not take it',
    next: 'Nothing was charged. Choose Auto, or change what the provider names.',
  },
  provider_failed: {
    title: 'The provider could not make it',
    next: 'Make it again, perhaps at another provider.',
  },
  all_providers_failed: {
    title: 'No provider could make it',
    next: 'See what each one said below; make it again in a while, or ask for less.',
  },
  submit_outcome_unknown: {
    title: 'Nobody knows whether it was made',
    next: 'The connection broke while it was being ordered. It may have been charged, so it was not ordered twice; the operator can look it up at the provider.',
  },
  timed_out: {
    title: 'It took too long',
    next: 'If the picture still comes, it will appear here. Or make it again.',
  },
  output_unavailable: {
    title: 'The picture could not be fetched',
    next: 'The provider made one but did not hand it over. Make it again, or ask the operator.',
  },
  partial_outputs: {
    title: 'Some of the pictures are missing',
    next: 'The ones that came are here. Make the rest with a smaller count.',
  },
}

export function reasonOf(task: Task): Reason | null {
  if (task.status === 'canceled')
    return { title: 'Canceled', next: 'Nothing was ordered and nothing charged.' }
  return task.error && REASONS[task.error.code]
}

const ATTEMPT_WORDS: Record<Attempt['status'], string> = {
  submitting: 'being ordered',
  running: 'at work',
  succeeded: 'made it',
  failed: 'failed',
  rejected: 'did not take it',
  unknown: 'outcome unknown',
}

export function attemptWord({ status }: Attempt): string {
  return ATTEMPT_WORDS[status]
}

/** Whether money was taken for an attempt, where that is worth saying. */
export function chargeWord({ charged, status }: Attempt): string | null {
  if (status === 'submitting' || status === 'running') return null
  if (charged === 'unknown') return 'maybe charged'
  return charged === 'yes' ? 'charged' : 'not charged'
}
