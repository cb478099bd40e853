/** The composition root: the Workers platform and its bindings as the flow's ports. */
import { uuidv7 } from 'uuidv7'
import { decodeContent } from './content-encoding'
import { openDatabase } from './db/database'
import { listen } from './flow/audience'
import { writeLog } from './flow/log'
import { writePoint } from './flow/metrics'
import type { IsolateMemory, Ports } from './flow/ports'
import { type Env, readSettings } from './settings'

/**
 * @param learnedUrl stands in for a `PUBLIC_URL` that is not set
 * @throws SettingsError when a setting is bad.
 */
export function openPorts(
  env: Env,
  context: Pick<ExecutionContext, 'waitUntil'>,
  learnedUrl: string | null = null,
): Ports {
  return {
    settings: readSettings(env, learnedUrl),
    database: openDatabase(env.DB),
    bucket: env.OUTPUTS,
    images: env.IMAGES,
    fetch: async (input, init) => decodeContent(await fetch(input, init)),
    wake: async (taskId, news) => env.RUNNER.getByName(taskId).wake(taskId, news),
    waitUntil: (work) => context.waitUntil(work),
    untilPast: async (taskId, version, leaving) =>
      listen(env.RUNNER.getByName(taskId), version, leaving),
    isolate: memoryOf(env),
    now: () => Date.now(),
    sleep: (milliseconds) => scheduler.wait(milliseconds),
    random: () => Math.random(),
    newId: (prefix) => `${prefix}_${uuidv7().replaceAll('-', '')}`,
    log: (record) => {
      writeLog(record)
      if (env.METRICS) writePoint(env.METRICS, record)
    },
  }
}

const memories = new WeakMap<Env, IsolateMemory>()

function memoryOf(env: Env): IsolateMemory {
  const memory = memories.get(env) ?? emptyMemory()
  memories.set(env, memory)
  return memory
}

function emptyMemory(): IsolateMemory {
  return { health: null, lookupPauses: new Map(), answers: new Map(), keys: new Map() }
}
