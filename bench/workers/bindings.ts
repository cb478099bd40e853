/** The Worker's bindings with a count at each of them. */
import { count, whileActive } from './tally'

/** Changes the bindings in place: each invocation and each object has its own. */
export function countBindings(env: {
  DB: D1Database
  OUTPUTS: R2Bucket
  RUNNER: DurableObjectNamespace
}): void {
  countDatabase(env.DB)
  env.OUTPUTS = countedBucket(env.OUTPUTS)
  env.RUNNER = countedNamespace(env.RUNNER)
}

interface Fetcher {
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response>
}

interface QueryResult {
  meta: { rows_read?: number; rows_written?: number }
}

/**
 * Counts below the API, where each call is one request to the database: `raw()`, which Drizzle
 * uses, tells nothing of the rows that it read.
 */
function countDatabase(database: D1Database): void {
  const internals = database as unknown as {
    fetcher: Fetcher
    alwaysPrimarySession: { fetcher: Fetcher }
  }
  const fetcher = countedFetcher(internals.fetcher)
  internals.fetcher = fetcher
  internals.alwaysPrimarySession.fetcher = fetcher
}

function countedFetcher(fetcher: Fetcher): Fetcher {
  return {
    async fetch(input, init) {
      count('roundTrips')
      const response = await fetcher.fetch(input, init)
      const text = await response.text()
      const answer = JSON.parse(text) as QueryResult | QueryResult[]
      for (const { meta } of [answer].flat()) {
        count('queries')
        count('rowsRead', meta?.rows_read ?? 0)
        count('rowsWritten', meta?.rows_written ?? 0)
      }
      return new Response(text, response)
    },
  }
}

const CLASS_A = new Set(['put', 'list', 'createMultipartUpload', 'uploadPart', 'complete'])
const CLASS_B = new Set(['get', 'head'])

function countedBucket<T extends R2Bucket | R2MultipartUpload>(bucket: T): T {
  return countedCalls(bucket, (name, result) => {
    if (CLASS_A.has(name)) count('bucketClassA')
    if (CLASS_B.has(name)) count('bucketClassB')
    return /MultipartUpload$/.test(name) ? countedUpload(result) : result
  })
}

function countedUpload(result: unknown): unknown {
  if (result instanceof Promise) return result.then((upload) => countedBucket(upload))
  return countedBucket(result as R2MultipartUpload)
}

/** Each stub that it gives is counted. */
function countedNamespace(namespace: DurableObjectNamespace): DurableObjectNamespace {
  return countedCalls(namespace, (name, result) =>
    name === 'get' || name === 'getByName' ? countedStub(result as DurableObjectStub) : result,
  )
}

function countedStub(stub: DurableObjectStub): DurableObjectStub {
  const id = stub.id.toString()
  return new Proxy(stub, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || name === 'dup' || name === 'then') return value
      return (...input: unknown[]) => {
        count('objectCalls')
        return whileActive(id, async () => Reflect.apply(value, target, input))
      }
    },
  })
}

/** An object whose methods are seen with what they gave. */
function countedCalls<T extends object>(
  object: T,
  see: (name: string, result: unknown) => unknown,
): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || typeof name !== 'string') return value
      return (...input: unknown[]) => see(name, Reflect.apply(value, target, input))
    },
  })
}

/** Changes an object's storage in place. */
export function countStorage(storage: DurableObjectStorage): void {
  const { setAlarm, put, delete: remove, deleteAll, deleteAlarm } = storage
  const written = (rows: number) => count('storageRows', rows)
  Object.assign(storage, {
    setAlarm(...input: unknown[]) {
      count('alarmsSet')
      written(1)
      return Reflect.apply(setAlarm, storage, input)
    },
    put(...input: unknown[]) {
      const [entry] = input
      written(typeof entry === 'object' && entry !== null ? Object.keys(entry).length : 1)
      return Reflect.apply(put, storage, input)
    },
    delete(...input: unknown[]) {
      const [name] = input
      written(Array.isArray(name) ? name.length : 1)
      return Reflect.apply(remove, storage, input)
    },
    deleteAlarm(...input: unknown[]) {
      written(1)
      return Reflect.apply(deleteAlarm, storage, input)
    },
    deleteAll(...input: unknown[]) {
      written(1)
      return Reflect.apply(deleteAll, storage, input)
    },
  })
}

/** From here on, lines of log are counted. */
export function countLogLines(): void {
  const { log } = console
  console.log = (...input: unknown[]) => {
    count('logLines')
    log(...input)
  }
}

/** From here on, requests to the outside are counted. */
export function countFetches(): void {
  const original = globalThis.fetch
  globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    count('fetches')
    return original(input, init)
  }
}
