/**
 * The engine's ports: everything the flow touches outside itself.
 *
 * Time, randomness, the network, the database, the bucket and the wake all come in here, so that
 * a test can stand at each of these boundaries.
 */
import { uuidv7 } from 'uuidv7'
import { type Database, openDatabase } from '../db/database'
import { type Env, readSettings, type Settings } from '../settings'

export interface Engine {
  settings: Settings
  database: Database
  bucket: R2Bucket
  fetch: typeof fetch
  /** Tells the task's runner to take a step soon. Losing a wake costs seconds, never a task. */
  wake(taskId: string): Promise<void>
  /** Milliseconds since the epoch. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** A new id that sorts by time, such as `task_0190…`. */
  newId(prefix: 'task' | 'att' | 'msg' | 'key'): string
  log(record: LogRecord): void
}

/** One line of the log. Never a prompt, a URL, a key or a message that may hold one. */
export interface LogRecord {
  event: string
  task?: string
  attempt?: string
  provider?: string
  outcome?: string
  reason?: string
}

/** @throws SettingsError when a setting is bad. */
export function openEngine(env: Env): Engine {
  return {
    settings: readSettings(env),
    database: openDatabase(env.DB),
    bucket: env.OUTPUTS,
    fetch: (input, init) => fetch(input, init),
    wake: async (taskId) => env.RUNNER.getByName(taskId).wake(taskId),
    now: () => Date.now(),
    sleep: (milliseconds) => scheduler.wait(milliseconds),
    newId: (prefix) => `${prefix}_${uuidv7().replaceAll('-', '')}`,
    log: (record) => console.log(JSON.stringify(record)),
  }
}
