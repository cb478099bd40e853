/** What the gateway under test keeps in its database and tells nobody. */
import { env } from 'cloudflare:workers'

interface AttemptRow {
  id: string
  status: string
  reference: string | null
  hint: string | null
  charged: string
}

export async function attemptsOf(taskId: string): Promise<AttemptRow[]> {
  const statement = 'select id, status, reference, hint, charged from attempts where task_id = ?'
  return (await env.DB.prepare(statement).bind(taskId).all<AttemptRow>()).results
}

/** The key that a test file made last. */
export async function lastKeyId(): Promise<string> {
  const row = await env.DB.prepare('select id from keys order by id desc').first<{ id: string }>()
  if (!row) throw new Error('There is no key yet.')
  return row.id
}
