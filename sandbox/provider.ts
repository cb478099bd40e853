/** What each played provider has to say for itself; everything they share is in `sandbox.ts`. */
import type { FinishFault, SubmitFault } from './faults.ts'
import type { Job, JobState, Size } from './jobs.ts'

/** A valid submission: what is to be drawn and what it costs. */
export interface Order {
  prompt: string
  count: number
  size: Size
  credits: number
  /** Where it takes one. */
  seed?: string
  callbackUrl?: string
}

export interface View {
  job: Job
  state: JobState
  /** The addresses of the pictures, once done. */
  urls: string[]
  balance: number
  /** A status word that no documentation knows is to be shown. */
  strange: boolean
}

export interface PlayedProvider {
  id: string
  host: string
  /** Paths that take a submission. */
  submitPaths: readonly string[]
  /** The job id in a path that asks for a job. */
  jobIdIn(path: string): string | null
  newJobId(): string
  /** Where its answers have the pictures, as a path of `manners.ts`. */
  picturesPath: string
  /** The order in the body, or the documented answer to a bad one. */
  read(body: unknown, path: string): Order | Response
  /** The answer to a job that was taken; for a synchronous provider once it is done. */
  accepted(view: View): Response
  /** The answer that shows a job. */
  show(view: View): Response
  /** An error in the provider's documented shape. */
  refuse(status: number, reason: SubmitFault | 'unauthorized' | 'no_credits' | 'no_job'): Response
  /** The answer carries the picture, so a submission is answered only when the job is done. */
  synchronous?: boolean
  /** Where it tells how many credits are left. */
  balance?: { path: string; show(credits: number): Response }
  /** Calls back with the answer that shows the job. */
  callsBack?: boolean
}

export const REASONS: Record<FinishFault, string> = {
  fail: 'Generation failed',
  'fail-charged': 'Generation failed after the work was done',
  moderated: 'The prompt was rejected by the content policy',
  empty: '',
}
