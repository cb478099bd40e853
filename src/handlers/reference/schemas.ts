/**
 * Zod schemas as JSON Schema, the named ones gathered under `components`.
 *
 * Invariant: one name means one schema, whether it was met in a request or in an answer.
 */
import * as z from 'zod'
import type { JsonSchema } from './openapi'

const REFERENCE = '#/components/schemas/'

export class SchemaCollection {
  readonly named: Record<string, JsonSchema> = {}

  /** A request's schema: what may be sent, defaults left out. */
  ofRequest(schema: z.ZodType): JsonSchema {
    return this.#describe(schema, 'input')
  }

  /** An answer's schema. It stays open, because an answer may learn new fields. */
  ofAnswer(schema: z.ZodType): JsonSchema {
    return this.#describe(schema, 'output')
  }

  #describe(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const json = z.toJSONSchema(schema, {
      io,
      override: ({ jsonSchema }) => tidy(jsonSchema, io),
    })
    const { $schema: _, $defs = {}, ...own } = withReferences(json)
    for (const [name, definition] of Object.entries($defs)) this.#name(name, definition)
    return own
  }

  #name(name: string, { id: _, ...schema }: JsonSchema & { id?: string }): void {
    const known = this.named[name]
    if (known && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`Two schemas are called ${name}.`)
    this.named[name] = schema
  }
}

interface Described extends JsonSchema {
  $schema?: string
  $defs?: Record<string, JsonSchema>
}

function withReferences(json: object): Described {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', `"${REFERENCE}`))
}

/** Takes out what a reader has no use for. */
function tidy(schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties
  // The pattern of a date-time is long and says no more than its format; that of a number is moot.
  if (schema.format || schema.type === 'integer') delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  const names = schema.propertyNames
  if (typeof names === 'object' && !names.enum && !names.$ref) delete schema.propertyNames
}

/** The name behind a reference. */
export function referencedName(schema: JsonSchema): string | null {
  return schema.$ref?.startsWith(REFERENCE) ? schema.$ref.slice(REFERENCE.length) : null
}
