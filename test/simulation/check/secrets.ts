/**
 * Secrets at rest: no log line holds one, and no row but for what it must hold.
 *
 * A prompt is in its task's request, a webhook secret in its key's row and among the key's secrets,
 * because each message is signed with it.
 */
import { PROMPT_CANARY } from '../world/secrets'
import type { Facts } from './facts'

export function checkSecrets({ world }: Facts): void {
  const { database, logs } = world
  for (const line of logs) world.keepSecret(line, 'a log line')
  const tables = database.look<{ name: string }>(
    "select name from sqlite_master where type = 'table'",
  )
  const allowed: Record<string, string | RegExp> = {
    'tasks.request': PROMPT_CANARY,
    'keys.webhook_secret': /^whsec_[\w+/=]+$/g,
    'webhook_secrets.secret': /^whsec_[\w+/=]+$/g,
  }
  for (const { name } of tables) {
    for (const row of database.look<Record<string, unknown>>(`select * from "${name}"`)) {
      for (const [column, value] of Object.entries(row)) {
        const place = `${name}.${column}`
        world.keepSecret(String(value).replaceAll(allowed[place] ?? '', ''), place)
      }
    }
  }
}
