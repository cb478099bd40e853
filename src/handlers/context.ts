/** What a handler finds in its Hono context. */
import type { Context } from 'hono'
import type { Ports } from '../flow/ports'
import type { Env } from '../settings'

export interface AppEnv {
  Bindings: Env
  Variables: { requestId: string; ports: Ports }
}

export type AppContext = Context<AppEnv>
