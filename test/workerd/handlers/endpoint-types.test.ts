/** What a description promises, a handler must keep: `npm run types` fails on each line that no longer holds. */
import { expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { Key } from '../../../src/db/keys'
import type { cancel } from '../../../src/flow/cancel'
import { empty, json } from '../../../src/handlers/endpoint/answer'
import { jsonBody } from '../../../src/handlers/endpoint/body'
import { endpoint } from '../../../src/handlers/endpoint/endpoint'
import type { ApiError } from '../../../src/handlers/errors'
import type { refused } from '../../../src/handlers/refusals'

const described = endpoint({
  id: 'setColour',
  method: 'post',
  path: '/v1/things/{id}',
  tag: 'Gateway',
  summary: 'Set a colour',
  description: 'Of a thing.',
  access: 'client',
  params: z.object({ id: z.string() }),
  query: z.strictObject({ wait: z.string().transform(Number).optional() }),
  body: jsonBody(z.strictObject({ colour: z.enum(['red', 'blue']) })),
  answers: {
    200: json(z.strictObject({ ok: z.boolean() }), 'Done.', { ok: true }, ['Location']),
    204: empty('Nothing to do.'),
  },
  errors: ['task_not_found'],
})

type Handler = Parameters<typeof described.handle>[0]
type Incoming = Parameters<Handler>[0]
type Gives<Outcome> = () => Promise<Outcome>

it('types what a handler gets', () => {
  expectTypeOf<Incoming['caller']>().toEqualTypeOf<Key>()
  expectTypeOf<Incoming['params']>().toEqualTypeOf<{ id: string }>()
  expectTypeOf<Incoming['query']>().toEqualTypeOf<{ wait?: number | undefined }>()
  expectTypeOf<Incoming['headers']>().toEqualTypeOf<undefined>()
  expectTypeOf<Incoming['body']>().toEqualTypeOf<{ colour: 'red' | 'blue' }>()
})

it('takes the answers that are described, and no others', () => {
  expectTypeOf<Gives<{ status: 200; body: { ok: boolean } }>>().toExtend<Handler>()
  expectTypeOf<Gives<{ status: 204 }>>().toExtend<Handler>()
  expectTypeOf<Gives<{ status: 201; body: { ok: boolean } }>>().not.toExtend<Handler>()
  expectTypeOf<Gives<{ status: 200 }>>().not.toExtend<Handler>()
  expectTypeOf<Gives<{ status: 200; body: { ok: string } }>>().not.toExtend<Handler>()
  expectTypeOf<
    Gives<{ status: 200; body: { ok: boolean }; headers: { ETag: string } }>
  >().not.toExtend<Handler>()
  expectTypeOf<Gives<{ status: 204; headers: { ETag: string } }>>().not.toExtend<Handler>()
})

it('takes the errors that are described or follow from the body, and no others', () => {
  expectTypeOf<Gives<ApiError<'task_not_found'>>>().toExtend<Handler>()
  expectTypeOf<Gives<ApiError<'invalid_request'>>>().toExtend<Handler>()
  expectTypeOf<Gives<ApiError<'not_found'>>>().not.toExtend<Handler>()
  expectTypeOf<Gives<ApiError>>().not.toExtend<Handler>()
})

it('knows which errors a verb of the flow can lead to', () => {
  type Refused = Extract<Awaited<ReturnType<typeof cancel>>, { ok: false }>['refusal']
  type Told = ReturnType<typeof refused<Refused['code']>>
  expectTypeOf<Told>().toEqualTypeOf<ApiError<'task_not_cancelable'>>()
})
