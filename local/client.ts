/** The few calls of the gateway's API that the local commands make. */

export interface TaskView {
  id: string
  status: 'queued' | 'processing' | 'succeeded' | 'failed' | 'canceled'
  provider: string | null
  created_at: string
  completed_at: string | null
  outputs: Array<{ url: string; content_type: string; bytes: number }>
  cost: { credits: number | null; usd: number | null }
  attempts: Array<{ provider_task_id: string | null; status: string }>
  error: { code: string; message: string } | null
}

export async function makeKey(gateway: string, adminToken: string, name: string): Promise<string> {
  const { key } = (await call(gateway, adminToken, '/v1/keys', { name })) as { key: string }
  return key
}

export async function makeTask(gateway: string, key: string, request: object): Promise<TaskView> {
  return (await call(gateway, key, '/v1/tasks', request)) as TaskView
}

export async function readTask(gateway: string, key: string, id: string): Promise<TaskView> {
  return (await call(gateway, key, `/v1/tasks/${id}`)) as TaskView
}

async function call(gateway: string, token: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(gateway + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}
