/**
 * One operation: how it is called, what it answers, and the handler that does it.
 *
 * Invariant: the description is what runs. It authenticates and parses the request, types what the
 * handler gets, and limits what it may give: a status, a body or an error that is not described does
 * not compile. The reference, the routes and the client's types are read from the same description.
 */
import type * as z from 'zod'
import type { Ports } from '../../flow/ports'
import type { ErrorCode } from '../../wire/error'
import { type Access, authenticate, type Callers } from '../auth'
import type { AppContext } from '../context'
import { errorResponse } from '../error-response'
import { type ApiError, isApiError } from '../errors'
import { type Answers, type AnyGiven, type Given, toResponse } from './answer'
import type { Body } from './body'
import { handleForMaker } from './maker'
import { readHeaders, readParams, readQuery } from './parameters'

/** In the order in which the reference shows them. */
export const TAGS = {
  Tasks: 'A task is one request for pictures. Make it, then wait for it.',
  Pictures: 'Fetch what was made, and upload what should be used as a reference.',
  Money: 'What it would cost, who can make it, what was paid.',
  Webhooks: 'Events sent to your `callback_url`, signed as Standard Webhooks says.',
  Keys: 'For the operator, with the admin token.',
  OpenAI:
    "OpenAI's Images API, for clients that speak it: change base URL and key. Every request is a task underneath, which `/v1` shows.",
  'As aivideoapi.ai':
    'The API of aivideoapi.ai, for its clients: whichever provider is up makes the picture.',
  'As gptimage2api.org':
    'The API of gptimage2api.org, for its clients: whichever provider is up makes the picture.',
  'As gptimage2.ai':
    'The API of gptimage2.ai, for its clients: whichever provider is up makes the picture.',
  'As nanobananaapi.dev':
    'The API of nanobananaapi.dev, for its clients: whichever provider is up makes the picture.',
  Gateway: 'Health check, OpenAPI document, and where providers call back.',
} as const

/** Values that make a request which works; the tests play every one of them. */
export interface Example {
  title: string
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  /** A JSON body. */
  body?: object
  /** The name of a file whose bytes are the body. */
  file?: string
}

export interface Description {
  /** A verb and a noun; the name of the operation in the reference. */
  id: string
  method: 'get' | 'post' | 'patch' | 'delete'
  /** With the names of `params` in braces. */
  path: `/${string}`
  tag: keyof typeof TAGS
  summary: string
  /** Markdown of the plainest kind: paragraphs and `code`. */
  description: string
  access: Access
  /** The parts of the path. Any text fits, so that an odd id is a 404 like one that is not there. */
  params?: z.ZodObject
  /** Without it the query is not looked at. */
  query?: z.ZodObject
  headers?: z.ZodObject
  body?: Body
  answers: Answers
  /** Besides those that follow from its access, its query and its body. */
  errors?: readonly ErrorCode[]
  /** The first one is shown first. Parts of the path come from the examples of `params`. */
  examples?: readonly Example[]
}

export interface Operation extends Description {
  respond(c: AppContext): Promise<Response>
}

/** What a handler gets: everything is checked already, but for a `maker`, whose key may be confirmed by what it makes. */
export interface Incoming<D extends Description> {
  ports: Ports
  caller: Callers[D['access']]
  params: Parsed<D['params']>
  query: Parsed<D['query']>
  headers: Parsed<D['headers']>
  body: D['body'] extends Body<infer Value> ? Value : undefined
  request: Request
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** An error is given back like an answer; what is thrown is a fault of ours. */
export type Outcome<D extends Description> = Given<D['answers']> | ApiError<CodesOf<D>>

/** A check beyond the schema may find the request wrong too, where there is something to be wrong. */
type CodesOf<D extends Description> =
  | (D['errors'] extends readonly ErrorCode[] ? D['errors'][number] : never)
  | (D['query'] extends z.ZodType ? 'invalid_request' : never)
  | (D['body'] extends Body ? 'invalid_request' : never)

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** Every name in the path is described. */
type WithParams<Path extends string> = [NamesIn<Path>] extends [never]
  ? unknown
  : { params: z.ZodObject<Record<NamesIn<Path>, z.ZodString>> }

interface Described<D extends Description> {
  handle(handler: (incoming: Incoming<D>) => Promise<Outcome<D>>): Operation
}

/** What the handler of any description gets and gives. */
interface AnyDescribed {
  handle(handler: (incoming: AnyIncoming) => Promise<AnyGiven | ApiError>): Operation
}

interface AnyIncoming {
  ports: Ports
  caller: unknown
  params: unknown
  query: unknown
  headers: unknown
  body: unknown
  request: Request
}

/** The first signature is what the description promises; the second keeps it. */
export function endpoint<const D extends Description>(
  description: D & WithParams<D['path']>,
): Described<D>
export function endpoint(description: Description): AnyDescribed {
  const { access, params, query, headers, body } = description
  return {
    handle: (handler) => ({
      ...description,
      respond: async (c) => {
        let reading: Promise<unknown> | undefined
        /** A request may be handled twice, but its body can be read only once. */
        const readBody = () => {
          reading ??= body?.read(c.req.raw)
          return reading
        }
        const handle = async (caller: unknown) =>
          handler({
            ports: c.get('ports'),
            caller,
            params: params && readParams(c, params),
            query: query && readQuery(c, query, access === 'picture'),
            headers: headers && readHeaders(c, headers),
            body: await readBody(),
            request: c.req.raw,
          })
        const outcome =
          access === 'maker'
            ? await handleForMaker(c, handle)
            : await handle(await authenticate(c, access))
        return isApiError(outcome) ? errorResponse(c, outcome) : toResponse(outcome)
      },
    }),
  }
}
