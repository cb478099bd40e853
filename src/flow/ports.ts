/**
 * The flow's ports: what it touches outside itself.
 *
 * The clock, randomness, the network, the database, the bucket and the wake come in here, so that
 * a test can stand at each of these boundaries. Time limits alone use the platform's own timers.
 * `platform.ts` fills them.
 */
import type { Health } from '../core/health'
import type { News } from '../core/news'
import type { ProviderId } from '../core/request'
import type { Limits } from '../core/spending'
import type { Database } from '../db/database'
import type { Settings } from '../settings'
import type { LogRecord } from './log'

export interface Ports {
  settings: Settings
  database: Database
  bucket: R2Bucket
  /** Makes smaller copies of pictures, where the platform's binding is there. */
  images: ImagesBinding | undefined
  fetch: typeof fetch
  /** Tells the task's runner to take a step soon. Losing a wake costs a minute, never a task. */
  wake(taskId: string, news: News): Promise<void>
  /** Returns once the task is past a version (see `listen`), or nobody waits any more; throws if its runner is lost. */
  untilPast(taskId: string, version: number, leaving: AbortSignal): Promise<void>
  /** Lets work go on after the answer was sent, for up to half a minute; nothing may depend on it. */
  waitUntil(work: Promise<unknown>): void
  /** What requests and runners of one isolate share. */
  isolate: IsolateMemory
  /** Milliseconds since the epoch. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** 0 to 1, for jitter. */
  random(): number
  /** A new id that sorts by time, such as `task_0190…`. */
  newId(prefix: 'task' | 'att' | 'msg' | 'key' | 'upl'): string
  log(record: LogRecord): void
}

/** Haste, never truth: all of it may be lost or a little old. */
export interface IsolateMemory {
  health: { at: number; value: ReadonlyMap<ProviderId, Health> } | null
  lookupPauses: Map<ProviderId, number>
  /** How many clients wait for the answer of a task, or were given it; see `join.ts`. */
  answers: Map<string, number>
  /** Client keys by their hash; see `remembered-keys.ts`. */
  keys: Map<string, RememberedKey>
}

export interface RememberedKey extends Limits {
  id: string
  /** Until then it may be taken from here. */
  until: number
}
