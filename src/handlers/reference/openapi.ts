/** The parts of OpenAPI 3.1 that this reference is made of. */

/** JSON Schema 2020-12, as far as the schemas here use it. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: JsonSchema | boolean
  propertyNames?: JsonSchema
  anyOf?: JsonSchema[]
  enum?: Array<string | number | null>
  const?: string | number | boolean | null
  default?: unknown
  examples?: unknown[]
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  'x-enumDescriptions'?: Record<string, string>
}

export interface ParameterObject {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: JsonSchema
  example?: unknown
  style?: 'deepObject'
  explode?: boolean
}

export interface MediaTypeObject {
  schema?: JsonSchema
  example?: unknown
  examples?: Record<string, { summary: string; value: unknown }>
}

export interface ResponseObject {
  description: string
  headers?: Record<string, { $ref: string }>
  content?: Record<string, MediaTypeObject>
}

export interface OperationObject {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Array<Record<string, string[]>>
  parameters?: ParameterObject[]
  requestBody?: { required: boolean; content: Record<string, MediaTypeObject> }
  responses: Record<string, ResponseObject>
  'x-codeSamples'?: Array<{ lang: 'Shell'; label: string; source: string }>
}

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; summary: string; description: string }
  servers: Array<{ url: string }>
  tags: Array<{ name: string; description: string }>
  paths: Record<string, Record<string, OperationObject>>
  webhooks: Record<string, { post: OperationObject }>
  components: {
    schemas: Record<string, JsonSchema>
    headers: Record<string, { description: string; schema: JsonSchema }>
    securitySchemes: Record<string, object>
  }
}
