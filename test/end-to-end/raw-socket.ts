/** A request spoken byte by byte, and what came back. */
import { connect } from 'node:net'
import { expectDocumented } from '../any-runtime/documented.ts'

const ANSWER_TIMEOUT_MS = 10_000

/** Sends the bytes and reads until the other side hangs up; half-closes after the last byte. */
export function say(url: string, parts: Iterable<string | Buffer>): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const end = () => resolve(Buffer.concat(chunks).toString('latin1'))
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part)
      socket.end()
    })
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      socket.destroy()
      reject(new Error(`no answer, but ${Buffer.concat(chunks).toString('latin1')}`))
    })
    socket.on('data', (chunk) => chunks.push(chunk))
    // A side that has answered may reset the rest of what it does not want to read.
    socket.on('error', end)
    socket.on('close', end)
  })
}

/** Status and code of the gateway's answer, which is a documented one, or `unheard` by it. */
export function answerOf(raw: string): string {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  )
  if (!headers.has('x-request-id')) return `${status} unheard`
  const text = rest.join('\r\n\r\n').match(/\{.*\}/s)?.[0] ?? ''
  expectDocumented({ status, headers, text })
  return status < 400 ? String(status) : `${status} ${JSON.parse(text).error.code}`
}
