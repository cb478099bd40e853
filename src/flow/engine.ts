/**
 * The engine's ports: what the flow touches outside itself.
 *
 * The clock, randomness, the network, the database, the bucket and the wake come in here, so that
 * a test can stand at each of these boundaries. Time limits alone use the platform's own timers.
 */
import { uuidv7 } from 'uuidv7'
import type { Task } from '../core/task'
import { type Database, openDatabase } from '../db/database'
import { type Env, readSettings, type Settings } from '../settings'

export interface Engine {
  settings: Settings
  database: Database
  bucket: R2Bucket
  fetch: typeof fetch
  /** Tells the task's runner to take a step soon. Losing a wake costs seconds, never a task. */
  wake(taskId: string): Promise<void>
  /** Tells clients that wait for the task how it is now; only its runner knows who they are. */
  tell(task: Task): void
  /** Returns once the task is past a version, at the latest after `limitMs`; throws if its runner is lost. */
  untilPast(taskId: string, version: number, limitMs: number): Promise<void>
  /** Milliseconds since the epoch. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** 0 to 1, for jitter. */
  random(): number
  /** A new id that sorts by time, such as `task_0190…`. */
  newId(prefix: 'task' | 'att' | 'msg' | 'key' | 'upl'): string
  log(record: LogRecord): void
}

/** One line of the log. Never a prompt, a URL, a key or a message that may hold one. */
export interface LogRecord {
  event: string
  request?: string
  task?: string
  attempt?: string
  delivery?: string
  provider?: string
  outcome?: string
  reason?: string
  milliseconds?: number
  /** Of a request: its method, the pattern of its path (never the path itself) and the answer's status. */
  method?: string
  route?: string
  status?: number
}

/** @throws SettingsError when a setting is bad. */
export function openEngine(env: Env): Engine {
  return {
    settings: readSettings(env),
    database: openDatabase(env.DB),
    bucket: env.OUTPUTS,
    fetch: (input, init) => fetch(input, init),
    wake: async (taskId) => env.RUNNER.getByName(taskId).wake(taskId),
    tell: () => undefined,
    untilPast: async (taskId, version, limitMs) =>
      env.RUNNER.getByName(taskId).untilPast(version, limitMs),
    now: () => Date.now(),
    sleep: (milliseconds) => scheduler.wait(milliseconds),
    random: () => Math.random(),
    newId: (prefix) => `${prefix}_${uuidv7().replaceAll('-', '')}`,
    log: writeLog,
  }
}

/** All that may be logged of an error: its message may hold a bound value of a query. */
export function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

export function writeLog(record: LogRecord): void {
  console.log(JSON.stringify(record))
}
