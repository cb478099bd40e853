/**
 * Late pictures: what comes after the end of its task is stored within a minute.
 *
 * The minute begins once the job is done, the task is over, and the gateway knows of the job. A
 * fault around then may cost a time-out of four minutes and a pause of five; where none struck, the
 * minute is all there is. Left out is an attempt that somebody with the right token lied about.
 */
import type { Port } from '../world/faults'
import type { AttemptFact, Facts, OutputFact, TaskFact } from './facts'

const PROMISED_MS = 60_000
const PER_FAULT_MS = 10 * 60_000
/** What a fault struck may hang this long before it shows. */
const FAULTS_COUNT_BEFORE_MS = 5 * 60_000
/** Nothing that befalls them keeps a picture from being fetched. */
const BESIDE_THE_POINT: readonly Port[] = ['webhook', 'network']

export function checkLate(facts: Facts): void {
  for (const task of facts.tasks) {
    if (task.isDeleted) continue
    for (const attempt of task.attempts) {
      if (facts.forger.deceived.has(attempt.id)) continue
      const own = task.outputs.filter(({ attemptId }) => attemptId === attempt.id)
      for (const output of own) checkOutput(facts, task, attempt, output)
    }
  }
}

function checkOutput(facts: Facts, task: TaskFact, attempt: AttemptFact, output: OutputFact): void {
  const { world, jobs, sightings } = facts
  const job = jobs.find(({ id }) => id === attempt.jobId)
  const knownAt = sightings.knownAt(attempt.id)
  const { storedAt } = output
  if (!job || knownAt === null || storedAt === null || storedAt <= task.completedAt) return
  const startsAt = Math.max(job.doneAt, task.completedAt, knownAt)
  const faults = faultsBetween(facts, task, startsAt - FAULTS_COUNT_BEFORE_MS, storedAt)
  if (storedAt - startsAt > PROMISED_MS + faults * PER_FAULT_MS) {
    const seconds = Math.round((storedAt - startsAt) / 1000)
    world.violate(`late: ${task.id} ${output.index} took ${seconds} s with ${faults} faults`)
  }
}

/** Those of the world, and those that the providers were asked for. */
function faultsBetween({ world, jobs }: Facts, task: TaskFact, from: number, to: number): number {
  const strikes = world.strikes.filter(({ port }) => !BESIDE_THE_POINT.includes(port))
  const own = jobs.filter(({ order }) => order === task.order)
  const times = [...strikes.map(({ time }) => time), ...own.flatMap(({ troubles }) => troubles)]
  return times.filter((time) => time >= from && time <= to).length
}
