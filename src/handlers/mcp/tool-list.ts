/** The tools as a model is told of them: schemas as JSON Schema, and what a picture costs here now. */
import type { ListToolsResult } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { hasSpendLimit } from '../../core/spending'
import type { Key } from '../../db/keys'
import type { Ports } from '../../flow/ports'
import { healthForRouting, quoteRequest } from '../../flow/route'
import { cappedRequest } from './capped-request'
import type { Tool } from './tool'
import { TOOLS } from './tools'

const andList = new Intl.ListFormat('en-GB', { type: 'conjunction' })

type Listed = ListToolsResult['tools'][number]

/** They depend on nothing, so they are made once in the life of an isolate. */
let listed: Listed[] | null = null

export async function listTools(ports: Ports, client: Key): Promise<Listed[]> {
  listed ??= TOOLS.map(describe)
  const price = `${await priceSentence(ports, client)}${limitsSentence(client)}`
  return listed.map((one, index) =>
    TOOLS[index]?.tellsPrice ? { ...one, description: `${one.description} ${price}` } : one,
  )
}

function describe({ name, title, description, isReadOnly, input, output }: Tool): Listed {
  return {
    name,
    title,
    description,
    inputSchema: { ...jsonSchema(input, 'input'), type: 'object' },
    outputSchema: { ...jsonSchema(output, 'output'), type: 'object' },
    annotations: {
      title,
      readOnlyHint: isReadOnly,
      destructiveHint: false,
      openWorldHint: !isReadOnly,
    },
  }
}

/** Named schemas are written out where they stand: not every client follows a reference. */
function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $defs = {}, $schema: _, ...rest } = z.toJSONSchema(schema, { io })
  const writeOut = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(writeOut)
    if (!isObject(value)) return value
    const { $ref, 'x-enumDescriptions': _, ...own } = value
    // A schema's own name; a property of that name is a schema.
    if (typeof own.id === 'string') delete own.id
    const named = typeof $ref === 'string' ? writeOut($defs[$ref.replace('#/$defs/', '')]) : {}
    const written = Object.entries(own).map(([name, item]) => [name, writeOut(item)] as const)
    return { ...(isObject(named) ? named : {}), ...Object.fromEntries(written) }
  }
  const written = writeOut(rest)
  return isObject(written) ? written : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}

async function priceSentence(ports: Ports, client: Key): Promise<string> {
  const request = cappedRequest(client, { prompt: 'A picture' })
  const quotes = await quoteRequest(ports, request, hasSpendLimit(client))
  const first = quotes?.find(({ eligible }) => eligible)
  if (!first) return 'No provider can make a picture with the defaults now; see quote.'
  const { provider, model, usd, credits } = first
  const price = usd === null ? `${credits ?? 'an unknown number of'} credits` : `$${usd}`
  const median = (await healthForRouting(ports)).get(provider)?.medianSeconds
  const time = median == null ? 'usually less than two minutes' : `about ${Math.round(median)} s`
  return `With the defaults one picture (${model} at ${provider}) costs ${price} and takes ${time}.`
}

/** What the operator lets the key spend; nothing where there is no limit. */
function limitsSentence(client: Key): string {
  const { rateLimitPerMinute, dailyUsdLimit, totalUsdLimit, mcpMaxUsd } = client
  const limits = [
    ...(rateLimitPerMinute === null ? [] : [`make ${rateLimitPerMinute} tasks a minute`]),
    ...(dailyUsdLimit === null ? [] : [`spend $${dailyUsdLimit} a day`]),
    ...(totalUsdLimit === null ? [] : [`spend $${totalUsdLimit} altogether`]),
    ...(mcpMaxUsd === null ? [] : [`pay $${mcpMaxUsd} for a task`]),
  ]
  if (limits.length === 0) return ''
  const cap = mcpMaxUsd === null ? '' : ': a lower max_usd holds, a higher one does not'
  return ` This key may ${andList.format(limits)}${cap}.`
}
