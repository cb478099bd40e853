/** One thing that can be asked of the gateway, described from the schemas that do the checking. */
import type * as z from 'zod'
import type { ErrorCode } from '../../wire/error'

export const TAGS = ['Tasks', 'Pictures', 'Money', 'Webhooks', 'Keys', 'Gateway'] as const
export type Tag = (typeof TAGS)[number]

/**
 * Whose token an operation takes. `client`: a client key. `reader`: a client key, which sees its
 * own, or the admin token, which sees everyone's. `picture`: a reader's, or a signed query.
 */
export type Access = 'client' | 'reader' | 'picture' | 'admin' | 'none'

export interface Answer {
  status: 200 | 201 | 202 | 204 | 206 | 304
  description: string
  /** Of a JSON body. */
  schema?: z.ZodType
  /** Of a JSON body; or the text of another one. */
  example?: unknown
  /** Names of answer headers that are worth knowing. */
  headers?: readonly AnswerHeader[]
  /** Of a body that is not JSON. */
  mediaTypes?: readonly string[]
}

export type AnswerHeader =
  | 'Location'
  | 'Idempotent-Replayed'
  | 'Preference-Applied'
  | 'RateLimit-Limit'
  | 'RateLimit-Remaining'
  | 'RateLimit-Reset'
  | 'Retry-After'
  | 'ETag'
  | 'Content-Range'

/** Values that make a request which works; the tests play every one of them. */
export interface Example {
  title: string
  path?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  /** A JSON body. */
  body?: object
  /** The name of a file whose bytes are the body. */
  file?: string
}

export interface Operation {
  id: string
  method: 'get' | 'post' | 'delete'
  /** With names in braces, each of them in `PATH_PARAMETERS`. */
  path: `/${string}`
  tag: Tag
  summary: string
  /** Markdown of the plainest kind: paragraphs and `code`. */
  description: string
  access: Access
  query?: z.ZodObject
  headers?: z.ZodObject
  /** Of a JSON body; `isOfAnyType` is read as JSON whatever its header says. */
  body?: { name: string; schema: z.ZodType; isOptional?: true; isOfAnyType?: true }
  /** Of a body that is a file. */
  fileTypes?: readonly string[]
  answers: readonly [Answer, ...Answer[]]
  /** Besides those that every operation of its access can have. */
  errors: readonly ErrorCode[]
  /** The first one is shown as a command. */
  examples: readonly [Example, ...Example[]]
}
