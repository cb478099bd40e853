/** Everything that is known after a run: what the gateway wrote, and what the providers did. */
import type { ShownJob } from '../../../sandbox/inspect'
import type { Scenario } from '../drive/scenario'
import type { Client, Order } from '../world/client'
import type { Forger } from '../world/forger'
import type { SdkClient } from '../world/sdk-client'
import type { World } from '../world/world'
import type { Sightings } from './sightings'
import type { Watch } from './watch'

/** Who took part in a run. */
export interface Cast {
  world: World
  clients: Array<Client | SdkClient>
  forger: Forger
  watch: Watch
  sightings: Sightings
  scenario: Scenario
}

export interface TaskFact {
  id: string
  status: string
  dueAt: number | null
  completedAt: number
  idempotencyKey: string | null
  isDeleted: boolean
  reservedUsd: number | null
  order: Order
  attempts: AttemptFact[]
  outputs: OutputFact[]
  deliveries: DeliveryFact[]
}

export interface AttemptFact {
  id: string
  provider: string
  indexes: number[]
  status: string
  reference: string | null
  /** The job that it became, as far as the gateway ever knew it. */
  jobId: string | null
  charged: string
  failureCode: string | null
  credits: number | null
  usd: number | null
}

export interface OutputFact {
  index: number
  attemptId: string
  sha256: string | null
  storedAt: number | null
}

export interface DeliveryFact {
  id: string
  event: string
  tries: number
  nextTryAt: number | null
  isDelivered: boolean
  fault: string | null
}

/** A job as the provider's own book has it. */
export interface JobFact extends ShownJob {
  order: Order
  /** The attempt that the callback address names, where there is one. */
  attemptId: string | null
  /** Pictures that it made. */
  made: number
  /** It failed, and the money went back or will on the first look at it. */
  isRefunded: boolean
}

export interface Facts extends Cast {
  tasks: TaskFact[]
  jobs: JobFact[]
}

export async function gatherFacts(cast: Cast): Promise<Facts> {
  const { outside } = cast.world
  const [jobs, callbackUrls] = [await outside.jobs(), await outside.callbackUrls()]
  const facts = {
    ...cast,
    tasks: tasksOf(cast),
    jobs: jobs.map((job) => ({
      ...job,
      order: orderOf(cast, job.prompt),
      attemptId: callbackUrls.find(({ jobId }) => jobId === job.id)?.attempt ?? null,
      made: madeBy(job),
      isRefunded: job.faults.finish === 'fail' || job.faults.finish === 'moderated',
    })),
  }
  matchEnclosed(facts)
  return facts
}

/**
 * A synchronous answer with the picture in it names no job. All jobs of an order at such a provider make
 * the same picture, so any that no other attempt became will do.
 */
function matchEnclosed({ tasks, jobs, sightings }: Facts): void {
  const attempts = tasks.flatMap((task) => task.attempts.map((attempt) => ({ task, attempt })))
  const known = new Set(attempts.map(({ attempt }) => attempt.jobId))
  for (const { task, attempt } of attempts) {
    if (attempt.jobId !== null || !sightings.isEnclosed(attempt.id)) continue
    const job = jobs.find(
      ({ id, provider, order }) =>
        !known.has(id) && provider === attempt.provider && order === task.order,
    )
    attempt.jobId = job?.id ?? null
    known.add(attempt.jobId)
  }
}

function madeBy({ faults, count }: ShownJob): number {
  return faults.finish === undefined ? Math.min(count, faults.makes ?? count) : 0
}

function orderOf({ clients }: Cast, text: string): Order {
  const client = clients.find(({ order }) => text.includes(order.marker))
  if (!client) throw new Error(`Nobody ordered this: ${text}`)
  return client.order
}

/** A deleted task no longer says what it was about, but who deleted it knows its id. */
function orderOfTask(cast: Cast, row: Columns): Order {
  const owner = cast.clients.find(({ ids }) => ids.has(String(row.id)))
  return owner?.order ?? orderOf(cast, String(row.request))
}

type Columns = Record<string, string | number | null>

function tasksOf(cast: Cast): TaskFact[] {
  const { database } = cast.world
  const { sightings } = cast
  const attempts = database.look<Columns>('select * from attempts order by started_at, id')
  const outputs = database.look<Columns>('select * from outputs order by "index"')
  const deliveries = database.look<Columns>('select * from deliveries order by id')
  return database.look<Columns>('select * from tasks order by id').map((row) => {
    const isOwn = (other: Columns) => other.task_id === row.id
    return {
      id: String(row.id),
      status: String(row.status),
      dueAt: numberOrNull(row.due_at),
      completedAt: Number(row.completed_at),
      idempotencyKey: textOrNull(row.idempotency_key),
      isDeleted: row.deleted_at !== null,
      reservedUsd: numberOrNull(row.reserved_usd),
      order: orderOfTask(cast, row),
      attempts: attempts.filter(isOwn).map((attempt) => toAttempt(attempt, sightings)),
      outputs: outputs.filter(isOwn).map(toOutput),
      deliveries: deliveries.filter(isOwn).map(toDelivery),
    }
  })
}

function toAttempt(row: Columns, sightings: Sightings): AttemptFact {
  const id = String(row.id)
  const failure: { code: string } | null = JSON.parse(String(row.failure))
  return {
    id,
    jobId: sightings.jobOf(id),
    provider: String(row.provider),
    indexes: JSON.parse(String(row.indexes)),
    status: String(row.status),
    reference: textOrNull(row.reference),
    charged: String(row.charged),
    failureCode: failure?.code ?? null,
    credits: numberOrNull(row.credits),
    usd: numberOrNull(row.usd),
  }
}

function toOutput(row: Columns): OutputFact {
  return {
    index: Number(row.index),
    attemptId: String(row.attempt_id),
    sha256: textOrNull(row.sha256),
    storedAt: numberOrNull(row.stored_at),
  }
}

function toDelivery(row: Columns): DeliveryFact {
  return {
    id: String(row.id),
    event: String(row.event),
    tries: Number(row.tries),
    nextTryAt: numberOrNull(row.next_try_at),
    isDelivered: row.delivered_at !== null,
    fault: textOrNull(row.fault),
  }
}

function textOrNull(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value)
}

function numberOrNull(value: string | number | null | undefined): number | null {
  return value == null ? null : Number(value)
}
