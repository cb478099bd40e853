/** `/v1/tasks/{id}/outputs/{index}`: the picture, streamed from R2. */
import { Hono } from 'hono'
import { type Picture, storedOutputs } from '../core/task'
import { loadTask } from '../db/tasks'
import { outputKey } from '../outputs/bucket'
import { authenticate, bearerToken, mayRead, type Principal } from './auth'
import type { AppContext, AppEnv } from './context'
import { ApiError, taskNotFound } from './errors'
import { isOutputSignature } from './output-url'
import { type ByteRange, readRange } from './range'

export const outputs = new Hono<AppEnv>()

outputs.get('/:id/outputs/:index', async (c) => {
  const { database, bucket } = c.get('engine')
  const taskId = c.req.param('id')
  const index = /^\d$/.test(c.req.param('index')) ? Number(c.req.param('index')) : -1
  const principal = await identify(c, taskId, index)
  const task = await loadTask(database, taskId)
  if (!task || !mayRead(principal, task)) throw taskNotFound()
  const output = storedOutputs(task).find((candidate) => candidate.index === index)
  if (!output) throw new ApiError('not_found', 'The task has no such output, or not yet.')

  const { picture } = output
  const etag = `"${picture.sha256}"`
  if (matches(c.req.header('If-None-Match'), etag)) {
    setHeaders(c, picture, etag)
    return c.body(null, 304)
  }
  const range = rangeOf(c, picture, etag)
  const key = outputKey(taskId, output.attemptId, index)
  const isHead = c.req.method === 'HEAD'
  const object = isHead ? null : await bucket.get(key, range ? { range } : {})
  if (!isHead && !object) throw new ApiError('not_found', 'The picture is no longer in the bucket.')

  setHeaders(c, picture, etag)
  c.header('Content-Length', String(range?.length ?? picture.bytes))
  if (range) {
    const last = range.offset + range.length - 1
    c.header('Content-Range', `bytes ${range.offset}-${last}/${picture.bytes}`)
  }
  const status = range ? 206 : 200
  return object ? c.body(object.body, status) : c.body(null, status)
})

/** The part that is asked for, or null for all of it. @throws ApiError 416 behind the end. */
function rangeOf(c: AppContext, picture: Picture, etag: string): ByteRange | null {
  const ifRange = c.req.header('If-Range')
  const header = ifRange === undefined || ifRange === etag ? c.req.header('Range') : undefined
  const range = readRange(header, picture.bytes)
  if (range !== 'unsatisfiable') return range
  const headers = { 'Content-Range': `bytes */${picture.bytes}` }
  throw new ApiError('range_not_satisfiable', 'The picture ends before this range.', { headers })
}

/** By signed query where there is one, else by Bearer token. */
async function identify(c: AppContext, taskId: string, index: number): Promise<Principal> {
  const { settings, now } = c.get('engine')
  const { expires, signature } = c.req.query()
  if (signature === undefined || expires === undefined) return authenticate(c)
  if (await isOutputSignature(settings, { taskId, index }, { expires, signature }, now())) {
    c.header('Access-Control-Allow-Origin', '*')
    return { kind: 'signed' }
  }
  if (bearerToken(c) !== null) return authenticate(c)
  throw new ApiError(
    'not_allowed',
    'This URL has expired or was changed. Read the task for a fresh one.',
  )
}

function setHeaders(c: AppContext, picture: Picture, etag: string): void {
  c.header('Content-Type', picture.contentType)
  c.header('ETag', etag)
  c.header('Accept-Ranges', 'bytes')
  c.header('Cache-Control', 'private, max-age=31536000, immutable')
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Content-Security-Policy', "default-src 'none'; sandbox")
}

function matches(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags?.some((tag) => tag === '*' || tag === etag) ?? false
}
