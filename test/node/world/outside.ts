/**
 * The world outside the gateway under test, on Node's side: the sandbox at the documented hosts.
 *
 * The gateway has no port in these tests, so callbacks wait here until a test delivers them, in
 * whatever order it likes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox } from '../../../sandbox/sandbox.ts'
import { createReceiver } from './receiver.ts'

const CALLBACKS_URL = 'https://callbacks.example.com/'
/** Hosts that were called although nobody should have. */
const STRANGERS_URL = 'https://strangers.example.com/'
const RECEIVER_ORIGIN = 'https://client.example.com/'
const JOB_SECONDS = 0.3

interface Callback {
  url: string
  body: string
}

export function createOutside(): (request: { url: string }) => Promise<Response> {
  const callbacks: Callback[] = []
  const strangers: string[] = []
  const pass = (milliseconds: number) => sleep(milliseconds, undefined, { ref: false })
  const receiver = createReceiver(pass)
  const sandbox = createSandbox({
    clock: { now: Date.now, sleep: pass },
    seconds: () => JOB_SECONDS,
    callBack: async (url, body) => {
      callbacks.push({ url, body })
      return 200
    },
  })
  return async (request) => {
    if (request.url === CALLBACKS_URL) return Response.json(callbacks)
    if (request.url === STRANGERS_URL) return Response.json(strangers)
    if (request.url.startsWith(RECEIVER_ORIGIN)) return receiver.receive(request as Request)
    const response = await sandbox.fetch(request as Request)
    if (response.headers.has('x-no-such-provider')) strangers.push(request.url)
    return response
  }
}
