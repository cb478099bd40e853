/** What a handler finds in its Hono context. */
import type { Context } from 'hono'
import type { Engine } from '../flow/engine'
import type { Env } from '../settings'

export interface AppEnv {
  Bindings: Env
  Variables: { requestId: string; engine: Engine }
}

export type AppContext = Context<AppEnv>
