/** The operations as one list, and as routes. */
import type { Hono } from 'hono'
import type { AppEnv } from './context'
import * as operations from './index'
import { withOpenApi } from './openapi/openapi'

export const OPERATIONS = withOpenApi(Object.values(operations))

export function mountOperations(app: Hono<AppEnv>): void {
  for (const { method, path, respond } of OPERATIONS)
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), respond)
}
