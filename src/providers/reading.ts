/**
 * How the providers' answers are read: as documented, else as widely as is safe, so that no paid picture is
 * lost over its spelling. Each adapter has both readings side by side.
 *
 * Invariant: what is tolerated makes no job, picture or end of a job out of an answer that names none.
 * A field that is beside the point may be missing or malformed.
 */
import * as z from 'zod'

/** Two readings of one answer; the second is asked where the first can't read it. */
export interface Reading<T> {
  documented: z.ZodType<T>
  tolerated: (body: unknown) => T | null
}

export function readAs<T>({ documented, tolerated }: Reading<T>, body: unknown): T | null {
  return documented.safeParse(body).data ?? tolerated(body)
}

/** What the answer to a submission names: a job, or the pictures themselves. */
export interface SubmissionAnswer {
  reference: string | null
  urls: string[]
  credits: number | null
}

/** What a task endpoint says of a job. */
export interface TaskAnswer {
  /** In small letters. */
  status: string
  urls: string[]
  /** All that the answer says of the job. */
  task: Fields
}

export type Fields = Record<string, unknown>

/** A job's id as text. It becomes a part of a path: printable, and neither `.` nor `..`. */
export const textReferenceSchema = z.string().regex(/^(?!\.{1,2}$)[!-~]{1,255}$/)

/** A job's id, where a number is as good as text. */
export const referenceSchema = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(textReferenceSchema)

/** More than any call costs: no price, but a mistake. */
const CREDITS_MAX = 1_000_000

/** Credits, as text too; null where they can't be read. */
export const creditsSchema = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(CREDITS_MAX))
  .nullish()
  .catch(null)

/** A yes or no, as a number or text too. */
export const flagSchema = z.union([
  z.boolean(),
  z.literal([0, 1]).transform((flag) => flag === 1),
  z.stringbool(),
])

export const urlSchema = z.string().min(1)
/** The pictures of a documented list, which names at least one. */
export const urlsSchema = z.array(urlSchema).min(1)

/** Names under which the providers, and services like them, name a job. */
export const JOB_NAMES: readonly string[] = ['taskId', 'task_id', 'jobId', 'job_id', 'id']

/**
 * Names under which pictures stand, at any depth, the more telling ones first: of two in one object, such
 * as an address and the same picture's bytes, the first is taken. None is one that requests have, so that
 * an echoed reference image is not taken for a picture.
 */
export const PICTURE_NAMES: readonly string[] = [
  ...['urls', 'url', 'imageUrl', 'image_url', 'b64_json', 'b64', 'base64', 'image_base64'],
  ...['images', 'outputImageUrls', 'output', 'outputs', 'results', 'result', 'data'],
]
const DEPTH_MAX = 8

/** An address that can be fetched, or that stands for a picture which was in the answer itself. */
const PICTURE_ADDRESS = /^\s*(https?:|answer:)/i
/** A path of the provider's own, told from other text by how it ends. */
const PICTURE_PATH = /^\s*\/[^\s?#]+\.(png|jpe?g|webp|gif|avif)\s*($|[?#])/i

/**
 * A job, or pictures, in the answer to a submission, bare or in `data`; null where it names neither.
 *
 * @param creditsName under which the provider says what it cost, if it does
 */
export function toleratedSubmission(body: unknown, creditsName?: string): SubmissionAnswer | null {
  const urls = picturesIn(body)
  // In a list of pictures, an id is that of a picture.
  const reference = referenceIn(urls.length > 0 ? wrappedIn(body) : objectsIn(body))
  const credits = creditsName === undefined ? null : creditsIn(body, creditsName)
  return reference === null && urls.length === 0 ? null : { reference, urls, credits }
}

/**
 * A job's state in the answer of a task endpoint, bare or in `data`; null where it tells none.
 *
 * @param place where the provider documents its pictures
 */
export function toleratedTask(body: unknown, place: string): TaskAnswer | null {
  const task = objectsIn(body).find(({ status }) => isWord(status))
  if (!task) return null
  const own = picturesIn(task[place])
  return {
    status: String(task.status).trim().toLowerCase(),
    urls: own.length > 0 ? own : picturesIn(task),
    task,
  }
}

/** A job's id in a message about it, bare or in `data`. */
export function toleratedReference(body: unknown): string | null {
  return referenceIn(objectsIn(body))
}

function referenceIn(objects: Fields[]): string | null {
  const names = JOB_NAMES.flatMap((name) => objects.map((fields) => fields[name]))
  return firstOf(names, (name) => referenceSchema.safeParse(name).data)
}

/** The addresses of the pictures in any value, in its order. */
export function picturesIn(value: unknown, depth = 0): string[] {
  if (depth > DEPTH_MAX) return []
  if (typeof value === 'string') {
    if (PICTURE_ADDRESS.test(value) || PICTURE_PATH.test(value)) return [value.trim()]
    const inside = opened(value)
    return typeof inside === 'string' ? [] : picturesIn(inside, depth + 1)
  }
  if (Array.isArray(value)) return value.flatMap((item) => picturesIn(item, depth + 1))
  if (!isObject(value)) return []
  for (const name of PICTURE_NAMES) {
    const found = picturesIn(value[name], depth + 1)
    if (found.length > 0) return found
  }
  return []
}

/** Credits under a name, bare or in `data`. */
export function creditsIn(body: unknown, name: string): number | null {
  return firstOf(objectsIn(body), (fields) => creditsSchema.parse(fields[name]))
}

/**
 * The HTTP status that a body says and its words, as in `{"code":402,"msg":"…"}` or
 * `{"error":{"code":402,"message":"…"}}`.
 */
export function errorInBody(body: unknown): { status: number; message: string } | null {
  const said = opened(body)
  const objects = isObject(said) ? [said, said.error].filter(isObject) : []
  return firstOf(objects, ({ code, msg, message }) => {
    const status = z.coerce.number().int().min(400).max(599).safeParse(code).data
    if (status === undefined || typeof code === 'boolean') return null
    const words = [msg, message].find((text) => typeof text === 'string' && text !== '')
    return { status, message: typeof words === 'string' ? words : `code ${status}` }
  })
}

/** The body itself, and what it wraps: `{code, msg, data}`, twice at the most. */
function wrappedIn(body: unknown, inside: (data: unknown) => unknown = opened): Fields[] {
  const objects = [opened(body)]
  for (const depth of [0, 1]) {
    const outer = objects[depth]
    objects.push(isObject(outer) ? inside(outer.data) : null)
  }
  return objects.filter(isObject)
}

/** The same, where a wrapped one may also be the only one in a list. */
function objectsIn(body: unknown): Fields[] {
  return wrappedIn(body, (data) => {
    const value = opened(data)
    return Array.isArray(value) && value.length === 1 ? value[0] : value
  })
}

/** What an object or a list that was written as text says; any other value as it is. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}

function firstOf<T, R>(values: readonly T[], read: (value: T) => R | null | undefined): R | null {
  for (const value of values) {
    const found = read(value)
    if (found !== null && found !== undefined) return found
  }
  return null
}

function isWord(status: unknown): boolean {
  return typeof status === 'string' || typeof status === 'number'
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
