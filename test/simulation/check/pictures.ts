/**
 * Pictures: what a provider finished and the gateway can know of is stored, whole and right.
 *
 * It can know of a job whose id it recorded, or whose callback it answered with 2xx, and of a
 * synchronous one whose answer it recorded. Left out is what nobody could fetch:
 * - a job that only a callback named and that its provider then denied (`poll=404`) three times;
 * - a picture that the provider serves no more (`serves`), or under no address that it named;
 * - a callback that somebody with the right token contradicted: the last hint counts;
 * - a slot that another attempt filled, which takes an order with `resubmit_on_unknown`.
 */
import { createHash } from 'node:crypto'
import { padPicture } from '../../../sandbox/padding'
import { drawSmall } from '../world/picture'
import type { AttemptFact, Facts, JobFact, OutputFact, TaskFact } from './facts'

const DENIALS_BELIEVED = 3
/** Its answer is its picture, so an answer in the bucket is all that is left of a run that died. */
const ANSWERS_WITH_PICTURES = 'nanobananaapi.dev'

export function checkPictures(facts: Facts): void {
  for (const task of facts.tasks) {
    if (task.isDeleted) continue
    for (const attempt of task.attempts) checkStored(facts, task, attempt)
    for (const output of task.outputs) checkBytes(facts, task, output)
  }
  checkCallbacks(facts)
  checkOutage(facts)
  checkAdopted(facts)
  checkKept(facts)
}

/** Each picture that the job made for a slot of this attempt is stored, or nobody can have it. */
function checkStored({ world, jobs }: Facts, task: TaskFact, attempt: AttemptFact): void {
  const job = jobs.find(({ id }) => id === attempt.jobId)
  if (!job) return
  const own = task.outputs.filter(({ attemptId }) => attemptId === attempt.id)
  const others = task.outputs.filter((output) => !own.includes(output)).map(({ index }) => index)
  const slots = attempt.indexes.filter((index) => !others.includes(index))
  const wanted = Array.from({ length: Math.min(job.made, slots.length) }, (_, file) => file)
  const lost = wanted.filter((file) => own[file]?.sha256 == null && job.left[file])
  if (lost.length > 0) {
    world.violate(`lost pictures: ${attempt.id} lacks ${lost.length} of ${wanted.length}`)
  }
}

/** What was answered while the database was down was kept until it was up again. */
function checkOutage({ world, jobs, tasks, scenario }: Facts): void {
  if (!scenario.outage) return
  const stored = tasks.flatMap(({ outputs }) => outputs.filter(({ sha256: hash }) => hash !== null))
  const attempts = tasks.flatMap((task) => task.attempts)
  for (const job of jobs) {
    const attempt = attempts.find(({ jobId }) => jobId === job.id)
    if (!stored.some(({ attemptId }) => attemptId === attempt?.id)) {
      world.violate(`outage: the picture of ${job.id} is lost`)
    }
  }
}

/** A claim is believed to be false once the provider said three times that there is no such job. */
function isDenied({ denials }: JobFact): boolean {
  return denials >= DENIALS_BELIEVED
}

/** The bytes in the bucket are the picture that was drawn for this slot, and the row tells its hash. */
function checkBytes({ world, jobs }: Facts, task: TaskFact, output: OutputFact): void {
  if (output.sha256 === null) return
  const attempt = task.attempts.find(({ id }) => id === output.attemptId)
  const job = jobs.find(({ id }) => id === attempt?.jobId)
  const object = world.bucket.objects.get(`outputs/${task.id}/${output.attemptId}/${output.index}`)
  const own = task.outputs.filter(({ attemptId }) => attemptId === output.attemptId)
  const actual = object && sha256(object.bytes)
  if (!actual) world.violate(`lost pictures: ${task.id} ${output.index} is not in the bucket`)
  else if (actual !== output.sha256 || !job || actual !== sha256(drawn(job, own.indexOf(output)))) {
    world.violate(`wrong picture: ${task.id} ${output.index}`)
  }
}

function drawn({ provider, prompt, count, size, faults }: JobFact, position: number): Uint8Array {
  const text = count > 1 ? `${position + 1}/${count} ${prompt}` : prompt
  return padPicture(drawSmall(provider, text, size), faults.bytes ?? 0)
}

/** An answer that was kept for its pictures is taken up, and gone once they are stored or the task deleted. */
function checkKept({ world, tasks }: Facts): void {
  // A run that dies, or a bucket that refuses, may leave one behind for retention.
  const mayBeLeft = world.strikes.some(
    ({ port, fault }) => port === 'bucket' || fault.startsWith('crash'),
  )
  for (const { attempts, outputs, isDeleted } of tasks) {
    for (const { id, provider, status } of attempts) {
      if (!world.bucket.objects.has(`answers/${id}`)) continue
      const isNeeded = outputs.some(({ attemptId, sha256: hash }) => attemptId === id && !hash)
      if (!mayBeLeft && (isDeleted || !isNeeded)) {
        world.violate(`kept answer: ${id} is still there`)
      }
      // Of the others a lookup's answer may lie there, about a job that somebody else claimed.
      if (provider === ANSWERS_WITH_PICTURES && status === 'unknown' && !isDeleted) {
        world.violate(`kept answer: nobody took up ${id}`)
      }
    }
  }
}

/** A callback that was answered with 2xx has led to its job, unless the pictures had come without it. */
function checkCallbacks({ world, jobs, tasks, forger }: Facts): void {
  const attempts = tasks.flatMap((task) => (task.isDeleted ? [] : task.attempts))
  for (const job of jobs) {
    const attempt = attempts.find(({ id }) => id === job.attemptId)
    if (!job.calledBack || !attempt || forger.deceived.has(attempt.id)) continue
    const isComplete = attempt.status === 'succeeded' && attempt.reference === null
    if (!isComplete && !isDenied(job) && attempt.reference !== job.id) {
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
