/** The calls of Cloudflare's REST API for which wrangler has no command, with wrangler's own credentials. */

import { Obstacle } from './steps.ts'
import { NEEDED_PERMISSIONS, wrangler } from './wrangler.ts'

const BASE_URL = process.env.CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4'

/** Codes: nothing of this kind yet; a name that somebody else has. */
const NO_SUBDOMAIN_CODE = 10007
const NO_SUCH_WORKER_CODE = 10007
const NAME_TAKEN_CODE = 10031

interface Answer {
  status: number
  code: number | null
  message: string
  result: unknown
}

/** The account's part of `….workers.dev`; null while it has none. */
export async function readSubdomain(accountId: string): Promise<string | null> {
  const answer = await call('GET', `/accounts/${accountId}/workers/subdomain`)
  if (answer.code === NO_SUBDOMAIN_CODE) return null
  return (succeed('Reading the workers.dev name', answer) as { subdomain: string }).subdomain
}

/** False when somebody else has that name. */
export async function registerSubdomain(accountId: string, name: string): Promise<boolean> {
  const answer = await call('PUT', `/accounts/${accountId}/workers/subdomain`, { subdomain: name })
  if (answer.code === NAME_TAKEN_CODE) return false
  succeed('Registering the workers.dev name', answer)
  return true
}

/** Null while there is no such Worker, else whether it has this gateway's runner. */
export async function isGateway(accountId: string, worker: string): Promise<boolean | null> {
  const answer = await call('GET', `/accounts/${accountId}/workers/scripts/${worker}/settings`)
  if (answer.code === NO_SUCH_WORKER_CODE) return null
  const { bindings } = succeed('Looking for the Worker', answer) as {
    bindings: Array<{ type: string; class_name?: string }>
  }
  // A Worker that only holds secrets so far has no code that could be overwritten.
  const isEmpty = bindings.every(({ type }) => type === 'secret_text')
  return isEmpty || bindings.some(({ class_name }) => class_name === 'TaskRunner')
}

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const headers = { ...(await credentials()), 'content-type': 'application/json' }
  const init = body ? { method, headers, body: JSON.stringify(body) } : { method, headers }
  const response = await fetch(BASE_URL + path, init).catch(() => {
    throw new Obstacle('Cloudflare could not be reached.', 'Look at the network, then go on.')
  })
  const answer = (await response.json().catch(() => ({}))) as {
    errors?: Array<{ code: number; message: string }>
    result?: unknown
  }
  const [error] = answer.errors ?? []
  const { code = null, message = `HTTP ${response.status}` } = error ?? {}
  return { status: response.status, code, message, result: answer.result }
}

let known: Promise<Record<string, string>> | null = null

function credentials(): Promise<Record<string, string>> {
  known ??= askWrangler()
  return known
}

async function askWrangler(): Promise<Record<string, string>> {
  const found = JSON.parse(await wrangler(['auth', 'token', '--json'])) as {
    token?: string
    key?: string
    email?: string
  }
  return found.token
    ? { authorization: `Bearer ${found.token}` }
    : { 'x-auth-key': found.key ?? '', 'x-auth-email': found.email ?? '' }
}

function succeed(doing: string, { status, message, result }: Answer): unknown {
  if (status < 300) return result
  const isRefused = status === 401 || status === 403
  throw new Obstacle(
    `${doing} failed: ${message}`,
    isRefused ? NEEDED_PERMISSIONS : 'If Cloudflare is in trouble, wait and run this again.',
  )
}
