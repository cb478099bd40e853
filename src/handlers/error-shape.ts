/** What an API's errors look like: a schema for the reference, and how one is written. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import type { ApiError } from './errors'

/** How the operations below one path tell their errors. */
export interface ErrorShape {
  /** The body, for the reference. */
  schema: z.ZodType
  write(error: ApiError): WrittenError
}

export interface WrittenError {
  status: ContentfulStatusCode
  body: object
  /** Besides those that the error itself brings. */
  headers?: Record<string, string>
}
