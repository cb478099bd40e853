/**
 * Money: nothing is paid for twice, and the ledger says what the providers' own books say.
 *
 * The exceptions are promises themselves: who sets `resubmit_on_unknown` accepts to pay twice, and
 * an outcome that nobody knows is in the ledger as `unknown`.
 */
import { SdkClient } from '../world/sdk-client'
import type { AttemptFact, Facts, JobFact, TaskFact } from './facts'

export function checkMoney(facts: Facts): void {
  checkAcceptance(facts)
  for (const client of facts.clients) {
    const { order } = client
    const tasks = facts.tasks.filter((task) => task.order === order)
    const jobs = facts.jobs.filter((job) => job.order === order)
    if (!order.body.resubmit_on_unknown) checkPaidOnce(facts, client, tasks, jobs)
    for (const provider of new Set(jobs.map((job) => job.provider))) {
      checkProvider(facts, provider, tasks, jobs)
    }
  }
  for (const task of facts.tasks) {
    for (const attempt of task.attempts) checkAttempt(facts, task, attempt)
  }
}

/** A key makes one task; without one each request may make one; what was answered is there. */
function checkAcceptance({ world, clients, tasks }: Facts): void {
  for (const { order, ids } of clients) {
    const own = tasks.filter((task) => task.order === order)
    if (order.idempotencyKey !== null && own.length > 1) {
      world.violate(`idempotency: one key made ${own.length} tasks`)
    }
    for (const id of ids) {
      if (!own.some((task) => task.id === id)) world.violate(`acceptance: ${id} was lost`)
    }
  }
}

/** The pictures that were paid for, short and failed jobs apart, are at most those still wanted. */
function checkPaidOnce(
  { world }: Facts,
  client: Facts['clients'][number],
  tasks: TaskFact[],
  jobs: JobFact[],
): void {
  const wanted = tasks.filter(({ status }) => status !== 'canceled').length
  const wishes = client instanceof SdkClient ? Math.min(wanted, client.wishes) : wanted
  const ordered = wishes * client.order.body.n
  const paid = jobs.filter(({ isRefunded }) => !isRefunded)
  const bought = paid.reduce((sum, job) => sum + (job.faults.makes ? job.made : job.count), 0)
  if (bought > ordered) world.violate(`paid twice: ${bought} pictures for ${ordered} ordered`)
}

/** The sum of the money must fit. */
function checkProvider(
  { world }: Facts,
  provider: string,
  tasks: TaskFact[],
  allJobs: JobFact[],
): void {
  const attempts = tasks.flatMap((task) => task.attempts).filter((a) => a.provider === provider)
  const jobs = allJobs.filter((job) => job.provider === provider)
  const paid = jobs.filter(({ isRefunded }) => !isRefunded).length
  const charged = attempts.filter((attempt) => attempt.charged === 'yes').length
  const unknown = attempts.filter((attempt) => attempt.charged === 'unknown').length
  if (charged > paid || paid > charged + unknown) {
    world.violate(`ledger: ${paid} paid at ${provider}, ${charged} charged, ${unknown} unknown`)
  }
}

function checkAttempt({ world, jobs }: Facts, task: TaskFact, attempt: AttemptFact): void {
  const { reference, charged, credits } = attempt
  if (attempt.status === 'submitting' || attempt.status === 'running') {
    world.violate(`stuck: an attempt is still ${attempt.status} after seven days`)
  }
  // Only the end of the recovery gives such a reason to an attempt that had none.
  if (!task.isDeleted && reference === null && attempt.failureCode === 'timed_out') {
    world.violate(`stuck: ${attempt.id} was left submitting long after its lease`)
  }
  if (reference === null) return
  const job = jobs.find(({ id, provider }) => id === reference && provider === attempt.provider)
  if (!job || job.order !== task.order) {
    world.violate(`binding: ${attempt.id} holds ${job ? 'the job of another task' : 'no real job'}`)
    return
  }
  if (charged === 'unknown') return
  if ((charged === 'yes') === job.isRefunded) {
    world.violate(`ledger: ${attempt.id} says charged ${charged}, its provider says otherwise`)
  }
  if (credits !== null && credits !== job.credits) {
    world.violate(`ledger: ${attempt.id} says ${credits} credits, its provider ${job.credits}`)
  }
}
