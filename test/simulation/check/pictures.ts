/**
 * Pictures: what a provider finished and the gateway can know of is stored, whole and right.
 *
 * It can know of a job whose id it recorded, or whose callback it answered with 2xx, and of a
 * synchronous one whose answer it recorded. Left out is what nobody could fetch:
 * - a job that its provider denied (`poll=404`), for the gateway believes that after three times;
 * - a picture that was gone (`serves`) before it was stored;
 * - a callback that somebody with the right token contradicted: the last hint counts;
 * - a slot that another attempt filled, which takes an order with `resubmit_on_unknown`.
 */
import { createHash } from 'node:crypto'
import { drawSmall } from '../world/picture'
import type { AttemptFact, Facts, JobFact, OutputFact, TaskFact } from './facts'

export function checkPictures(facts: Facts): void {
  for (const task of facts.tasks) {
    if (task.isDeleted) continue
    for (const attempt of task.attempts) checkStored(facts, task, attempt)
    for (const output of task.outputs) checkBytes(facts, task, output)
  }
  checkCallbacks(facts)
  checkAdopted(facts)
}

function checkStored({ world, jobs }: Facts, task: TaskFact, attempt: AttemptFact): void {
  const job =
    attempt.reference === null
      ? attempt.status === 'succeeded' && jobs.find((other) => isLikely(other, task, attempt))
      : jobs.find(({ id }) => id === attempt.reference)
  if (!job || job.faults.poll === '404') return
  const stored = task.outputs.filter(
    ({ index, sha256 }) => sha256 !== null && attempt.indexes.includes(index),
  )
  const wanted = Math.min(job.made, attempt.indexes.length)
  if (stored.length < wanted && job.faults.serves === undefined) {
    world.violate(`lost pictures: ${attempt.id} has ${stored.length} of ${wanted}`)
  }
}

function isLikely(job: JobFact, task: TaskFact, attempt: AttemptFact): boolean {
  return job.order === task.order && job.provider === attempt.provider && job.made > 0
}

/** The bytes in the bucket are the picture that was drawn for this slot, and the row tells its hash. */
function checkBytes({ world, jobs }: Facts, task: TaskFact, output: OutputFact): void {
  if (output.sha256 === null) return
  const attempt = task.attempts.find(({ id }) => id === output.attemptId)
  const object = world.bucket.objects.get(`outputs/${task.id}/${output.attemptId}/${output.index}`)
  const own = task.outputs.filter(({ attemptId }) => attemptId === output.attemptId)
  const position = own.indexOf(output)
  const hashes = jobs
    .filter((job) => attempt && isLikely(job, task, attempt))
    .map((job) => sha256(drawn(job, position)))
  const actual = object && sha256(object.bytes)
  if (!actual) world.violate(`lost pictures: ${task.id} ${output.index} is not in the bucket`)
  else if (actual !== output.sha256 || !hashes.includes(actual)) {
    world.violate(`wrong picture: ${task.id} ${output.index}`)
  }
}

function drawn({ provider, prompt, count, size }: JobFact, position: number): Uint8Array {
  return drawSmall(provider, count > 1 ? `${position + 1}/${count} ${prompt}` : prompt, size)
}

/** A callback that was answered with 2xx has led to its job. */
function checkCallbacks({ world, jobs, tasks, forger }: Facts): void {
  const attempts = tasks.flatMap((task) => (task.isDeleted ? [] : task.attempts))
  for (const job of jobs) {
    const attempt = attempts.find(({ id }) => id === job.attemptId)
    if (!job.calledBack || !attempt || forger.deceived.has(attempt.id)) continue
    if (job.faults.poll !== '404' && attempt.reference !== job.id) {
      world.violate(`lost job: ${attempt.id} was told of its job by a callback and forgot it`)
    }
  }
}

/** What is in the bucket under the name of an output is recorded as that output's picture. */
function checkAdopted({ world, tasks }: Facts): void {
  for (const task of tasks) {
    for (const { attemptId, index, sha256: hash } of task.outputs) {
      const isThere = world.bucket.objects.has(`outputs/${task.id}/${attemptId}/${index}`)
      if (isThere && hash === null) {
        world.violate(`adoption: ${task.id} ${index} is in the bucket but not in its row`)
      }
    }
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
