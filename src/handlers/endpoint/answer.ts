/** What an operation may answer with when all goes well, and the type of each. */
import type * as z from 'zod'

/** Headers of answers, with what each tells. */
export const HEADERS = {
  'X-Request-Id': 'Names this request in the log of the gateway.',
  Location: 'The path of the task.',
  'Idempotent-Replayed': '`true` when an earlier request with this key made the task.',
  'Preference-Applied': 'How long the answer was held at most.',
  'RateLimit-Limit': 'Tasks that the key may make in a minute.',
  'RateLimit-Remaining': 'How many of them are left.',
  'RateLimit-Reset': 'Seconds until the next minute begins.',
  'Retry-After': 'Seconds after which a retry has a chance.',
  ETag: 'Names the picture: who sends it as `If-None-Match` is not sent the bytes again.',
  'Cache-Control': 'How long the answer may be kept.',
  'Content-Length': 'Bytes of the body.',
  'Content-Range': 'Which bytes of how many these are.',
  'Accept-Ranges': '`bytes`: a part can be asked for.',
  'Content-Security-Policy': 'Keeps a browser from running what is only a picture.',
  'X-Content-Type-Options': '`nosniff`: it is what `Content-Type` says.',
  'X-Accel-Buffering': '`no`: a proxy must pass each event on at once.',
  'Access-Control-Allow-Origin': '`*` at a signed address: any page may read the picture.',
} as const

export type HeaderName = keyof typeof HEADERS

export interface JsonAnswer<Schema extends z.ZodType = z.ZodType, Name = HeaderName> {
  kind: 'json'
  description: string
  schema: Schema
  example: z.output<Schema>
  /** Those that are worth knowing, besides `X-Request-Id`. */
  headers: readonly Name[]
}

export interface StreamAnswer<Name = HeaderName> {
  kind: 'stream'
  description: string
  mediaTypes: readonly string[]
  example: string | null
  /** What the stream is where it is JSON, which may be too large for memory. */
  json: { schema: z.ZodType; example: unknown } | null
  headers: readonly Name[]
}

export interface EmptyAnswer<Name = HeaderName> {
  kind: 'empty'
  description: string
  headers: readonly Name[]
}

export type Answer = JsonAnswer | StreamAnswer | EmptyAnswer
/** 503 is for health alone: to be ill is no error of the request. */
export type Status = 200 | 201 | 202 | 204 | 206 | 304 | 503
export type Answers = Readonly<Partial<Record<Status, Answer>>>

export function json<
  Schema extends z.ZodType,
  const Names extends readonly HeaderName[] = readonly [],
>(
  schema: Schema,
  description: string,
  example: z.output<Schema>,
  headers?: Names,
): JsonAnswer<Schema, Names[number]> {
  return { kind: 'json', description, schema, example, headers: headers ?? [] }
}

export function stream<const Names extends readonly HeaderName[] = readonly []>(
  mediaTypes: readonly string[],
  description: string,
  {
    example = null,
    json: written = null,
    headers,
  }: Partial<Pick<StreamAnswer, 'example' | 'json'>> & { headers?: Names } = {},
): StreamAnswer<Names[number]> {
  return {
    kind: 'stream',
    description,
    mediaTypes,
    example,
    json: written,
    headers: headers ?? [],
  }
}

export function empty<const Names extends readonly HeaderName[] = readonly []>(
  description: string,
  headers?: Names,
): EmptyAnswer<Names[number]> {
  return { kind: 'empty', description, headers: headers ?? [] }
}

/** The answers that a handler may give, by what its description says. */
export type Given<All extends Answers> = {
  [Code in keyof All & Status]: { status: Code } & Content<All[Code]> & Told<All[Code]>
}[keyof All & Status]

type Content<One> =
  One extends JsonAnswer<infer Schema, infer _>
    ? { body: z.output<Schema> }
    : One extends StreamAnswer<infer _>
      ? { mediaType: string; body: ReadableStream<Uint8Array> | null }
      : unknown

type Told<One> = One extends { headers: readonly (infer Name extends HeaderName)[] }
  ? { headers?: [Name] extends [never] ? undefined : Partial<Record<Name, string>> }
  : unknown

/** What a handler gives, once its description has checked the types. */
export interface AnyGiven {
  status: Status
  body?: unknown
  mediaType?: string
  headers?: Partial<Record<HeaderName, string>>
}

/** What is true now may be wrong in a second, and is nobody else's business. */
export const NOT_KEPT = 'no-store'

/** A JSON body is written out and, unless its handler says otherwise, kept by no cache; a stream is passed on. */
export function toResponse({ status, body, mediaType, headers = {} }: AnyGiven): Response {
  const isStream = body instanceof ReadableStream || body === null || body === undefined
  const response = isStream ? new Response(body, { status }) : Response.json(body, { status })
  if (!isStream) response.headers.set('Cache-Control', NOT_KEPT)
  if (mediaType !== undefined) response.headers.set('Content-Type', mediaType)
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
