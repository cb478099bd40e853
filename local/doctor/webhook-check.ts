/** A webhook to oneself: sent by the gateway, received and its signature verified here. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { type Finding, failed, ok, skipped } from './finding.ts'
import { send } from './gateway-checks.ts'

const CHECK = 'webhook'
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1)(:|$)/

export interface WebhookTest {
  url: string
  key: string | null
  webhookSecret: string | null
  /** An endpoint of the operator's; without it a local gateway is asked to call this process. */
  endpoint: string | null
}

export async function checkWebhook(test: WebhookTest): Promise<Finding> {
  if (test.key === null) return skipped(CHECK, 'No client key here: set KEY in the environment.')
  if (test.endpoint !== null) return ask(test, test.key, test.endpoint)
  if (!LOOPBACK.test(test.url))
    return skipped(
      CHECK,
      'A deployed gateway can’t reach this machine: name an endpoint, --webhook https://…',
    )
  const { endpoint, received, close } = await listen(test.webhookSecret)
  try {
    const finding = await ask(test, test.key, endpoint)
    return finding.state === 'ok' ? (received() ?? finding) : finding
  } finally {
    close()
  }
}

async function ask({ url }: WebhookTest, key: string, endpoint: string): Promise<Finding> {
  const answer = await send(`${url}/v1/webhooks/test`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ callback_url: endpoint }),
  })
  const { delivered, response_status, error } = (answer?.body ?? {}) as {
    delivered?: boolean
    response_status?: number | null
    error?: { message?: string }
  }
  if (delivered) return ok(CHECK, `Delivered to ${endpoint}.`)
  const reason =
    error?.message ?? (response_status ? `it answers ${response_status}` : 'no answer in time')
  return failed(
    CHECK,
    `A webhook to ${endpoint} fails: ${reason}.`,
    'The endpoint must answer 2xx within 15 s, over https, without a redirect.',
  )
}

/** An endpoint on loopback that verifies what it gets. */
async function listen(secret: string | null) {
  let finding: Finding | null = null
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    finding = verify(secret, body, request.headers)
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    received: () => finding,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function verify(
  secret: string | null,
  body: string,
  headers: Record<string, string | string[] | undefined>,
): Finding {
  if (secret === null)
    return ok(CHECK, 'Delivered; set WEBHOOK_SECRET to have its signature verified.')
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>)
    return ok(CHECK, 'Delivered, and its signature is right.')
  } catch {
    const cure =
      'Set WEBHOOK_SECRET to the key’s, or rotate it: POST /v1/keys/{id}/rotate_webhook_secret.'
    return failed(CHECK, 'Delivered, but its signature does not verify.', cure)
  }
}
