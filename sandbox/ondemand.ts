/** Submissions that go wrong because their prompt asks for it: refused, or paid and answered badly. */
import { type Faults, readFaults, saidInBody, saidInError } from './faults.ts'
import type { Clock, Job, JobBook } from './jobs.ts'
import { wrap } from './manners.ts'
import type { Order, PlayedProvider } from './provider.ts'

const HANG_MS = 20 * 60_000
const MESSAGES: Record<number, string> = {
  400: 'invalid request',
  401: 'invalid api key',
  402: 'insufficient credits',
  403: 'forbidden',
  404: 'model not found',
  408: 'request timeout',
  429: 'too many requests',
}

/** Thrown where a real provider's connection would drop; the server closes the socket. */
export class DroppedConnection extends Error {}

/** No job is taken, and nothing charged. */
export function refuseOnDemand(
  book: JobBook,
  provider: PlayedProvider,
  order: Order,
): Response | null {
  const faults: Faults = readFaults(provider.id, order.prompt)
  const { submit: fault, times, retryAfter } = faults
  if (!fault || !book.strikes(provider.id, order.prompt, 'submit', times)) return null
  if (fault === 'html') return new Response('<html>Forbidden</html>', { status: 403 })
  if (fault === 'moderated') return provider.refuse(400, 'moderated')
  const code = saidInBody(fault)
  if (code !== null) return Response.json(wrap(null, code, messageOf(code)))
  const error = saidInError(fault)
  if (error !== null) return Response.json({ error: { code: error, message: messageOf(error) } })
  const response = provider.refuse(Number(fault), fault)
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter))
  return response
}

/**
 * The job is taken and paid; only the answer goes wrong.
 *
 * @param accepted the good answer; a plain one has no text and no stream around its JSON
 */
export async function spoilOnDemand(
  book: JobBook,
  clock: Clock,
  job: Job,
  accepted: (isPlain: boolean) => Promise<Response>,
): Promise<Response> {
  const { answer: fault, times } = job.faults
  if (!fault || !book.strikes(job.provider, job.prompt, 'answer', times)) return accepted(false)
  if (fault === 'hang') await clock.sleep(HANG_MS)
  if (fault === 'drop' || fault === 'hang') throw new DroppedConnection()
  if (fault === 'garbage') return new Response('<html>OK</html>')
  const code = saidInBody(fault)
  if (code === null) return new Response('Internal Server Error', { status: 500 })
  const { data, ...rest } = (await (await accepted(true)).json()) as { data?: unknown }
  return Response.json({ code, msg: messageOf(code), data: data ?? rest })
}

function messageOf(code: number): string {
  return MESSAGES[code] ?? 'error'
}
