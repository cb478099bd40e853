/** What the gateway's own HTTP tells: its health, who the operator is, where it believes to be. */
import { type Finding, failed, ok, skipped } from './finding.ts'

const TIMEOUT_MS = 15_000
/** A cron runs every minute; two missed ones are an illness. */
const SWEEP_LATE_SECONDS = 120
const DUE_LATE_SECONDS = 120

export interface Gateway {
  url: string
  adminToken: string | null
  /** Version of the checkout that the doctor runs in. */
  version: string
}

/** The body of `/healthz`; a gateway of an earlier version has only `status`. */
interface Health {
  status?: string
  version?: string
  last_sweep_seconds?: number | null
  oldest_due_seconds?: number | null
  error?: { code: string; message: string }
}

export async function checkHealth({ url, version }: Gateway): Promise<Finding[]> {
  const answer = await get(`${url}/healthz`)
  if (!answer) {
    return [
      failed(
        'reachable',
        `${url} does not answer.`,
        'Is it deployed, and is this its address? `npm run deploy` tells; a new address takes minutes.',
      ),
    ]
  }
  const health = answer.body as Health
  if (health.error?.code === 'misconfigured') {
    return [
      ok('reachable', `${url} answers.`),
      failed(
        'settings',
        health.error.message,
        'Mend that setting: `npx wrangler secret put NAME`, or `npm run setup -- --rotate NAME` and `npm run deploy`.',
      ),
    ]
  }
  if (!health.status) {
    const cure =
      'Another program has this address: look at the URL, and at routes in wrangler.toml.'
    return [
      failed('reachable', `${url}/healthz is not this gateway's (HTTP ${answer.status}).`, cure),
    ]
  }
  return [
    ok('reachable', `${url} answers.`),
    ok('settings', 'Every setting is right.'),
    checkVersion(health, version),
    checkCron(health),
    checkDue(health),
  ]
}

function checkVersion({ version: deployed }: Health, here: string): Finding {
  if (deployed === undefined)
    return skipped('version', 'This version of the gateway does not tell.')
  if (deployed === here) return ok('version', `Version ${deployed}, as here.`)
  return failed(
    'version',
    `Version ${deployed} is deployed; here is ${here}.`,
    'Run `npm run deploy`, or check out the version that is deployed.',
  )
}

function checkCron({ last_sweep_seconds: seconds }: Health): Finding {
  if (seconds === undefined) return skipped('cron', 'This version of the gateway does not tell.')
  if (seconds !== null && seconds <= SWEEP_LATE_SECONDS) return ok('cron', `Seen ${seconds} s ago.`)
  const seen = seconds === null ? 'has never been seen' : `was last seen ${seconds} s ago`
  return failed(
    'cron',
    `The cron ${seen}.`,
    'A new one may take a quarter of an hour. Else: is `[triggers]` in wrangler.toml, and what do `npx wrangler tail` and the dashboard’s cron events say?',
  )
}

function checkDue({ oldest_due_seconds: seconds }: Health): Finding {
  if (seconds === undefined) return skipped('due', 'This version of the gateway does not tell.')
  if (seconds === null || seconds <= DUE_LATE_SECONDS) return ok('due', 'Nothing waits for long.')
  return failed(
    'due',
    `Something has been due for ${seconds} s.`,
    'If the cron is well, the sweep does not keep up or fails: look for sweep_failed and wake_failed in the log.',
  )
}

export async function checkOperator({ url, adminToken }: Gateway): Promise<Finding[]> {
  if (adminToken === null)
    return [skipped('operator', 'No ADMIN_TOKEN here: set it in the environment.')]
  const answer = await get(`${url}/v1/keys`, adminToken)
  if (answer?.status === 200) {
    const { data } = answer.body as { data: unknown[] }
    return [
      ok('operator', 'The admin token is right.'),
      ok('database', `It answers; ${data.length} client key(s).`),
    ]
  }
  if (answer?.status === 401 || answer?.status === 403) {
    const cure =
      'Set ADMIN_TOKEN to the Worker’s, or give it a new one: `npm run setup -- --rotate ADMIN_TOKEN`.'
    return [failed('operator', 'The admin token is refused.', cure)]
  }
  return [
    failed(
      'database',
      `Reading the keys fails (HTTP ${answer?.status ?? 'nothing'}).`,
      'Is the database there and migrated? `npx wrangler d1 migrations list DB --remote`.',
    ),
  ]
}

/** Providers call back to `PUBLIC_URL`, which the reference names as its server. */
export async function checkCallbacks({ url }: Gateway): Promise<Finding> {
  const document = await get(`${url}/openapi.json`)
  const [server] =
    (document?.body as { servers?: Array<{ url: string }> } | undefined)?.servers ?? []
  if (!server) return skipped('callbacks', 'The gateway does not say where it believes to be.')
  const target = `${server.url}/callbacks/aivideoapi.ai/att_doctor/not-a-token`
  const answer = await send(target, { method: 'POST', body: '{}' })
  // A token that is wrong is not found: that is the gateway's own answer, in its own shape.
  const { error } = (answer?.body ?? {}) as { error?: { code?: string } }
  if (answer?.status === 404 && error?.code === 'not_found')
    return ok('callbacks', `${server.url} can be called back.`)
  return failed(
    'callbacks',
    `PUBLIC_URL is ${server.url}, and a callback there gets ${answer ? `HTTP ${answer.status}` : 'no answer'}.`,
    'Set PUBLIC_URL to the address under which providers reach this gateway: `npm run setup -- --url https://…`.',
  )
}

interface Answer {
  status: number
  body: object
}

export function get(url: string, token?: string): Promise<Answer | null> {
  return send(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
}

/** Null when nobody answers; a body that is no JSON is an empty one. */
export async function send(url: string, init: RequestInit): Promise<Answer | null> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const body: unknown = await response.json().catch(() => null)
    return { status: response.status, body: typeof body === 'object' && body ? body : {} }
  } catch {
    return null
  }
}
