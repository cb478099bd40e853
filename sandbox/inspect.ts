/** `/_sandbox/jobs` and `/_sandbox/submissions`: what was paid for, by prompt if one is given. */
import type { Job, JobBook } from './jobs.ts'
import type { PictureDesk } from './pictures.ts'

/** A job as it is shown. */
export interface ShownJob extends Job {
  /** Which of its pictures can still be had. */
  left: boolean[]
}

/** @param isSynchronous whether a provider names its pictures once, and nobody can ask again. */
export function inspect(
  book: JobBook,
  desk: PictureDesk,
  isSynchronous: (provider: string) => boolean,
  url: URL,
): Response {
  const wanted = url.searchParams.get('prompt')
  const has = (text: string) => wanted === null || text.includes(wanted)
  if (url.pathname === '/_sandbox/jobs') {
    const jobs = [...book.jobs.values()].filter((job) => has(job.prompt))
    return Response.json(
      jobs.map((job): ShownJob => {
        const isNamedOnce = isSynchronous(job.provider)
        const files = Array.from({ length: job.count }, (_, index) => index)
        return { ...job, left: files.map((index) => desk.isLeft(job, index, isNamedOnce)) }
      }),
    )
  }
  if (url.pathname === '/_sandbox/submissions') {
    return Response.json(book.submissions.filter((record) => has(JSON.stringify(record.body))))
  }
  return new Response('Not found', { status: 404 })
}
