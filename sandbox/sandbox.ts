/**
 * The providers, played from their documentation, as one fetch handler.
 *
 * A provider is addressed by its documented host name or by the first part of the path
 * (`http://127.0.0.1:8788/gptimage2.ai/api/generate`). It shares no code with the adapters, so it
 * is strict where they might be wrong. Beside the providers, `/_sandbox/jobs` and
 * `/_sandbox/submissions` show what was paid for.
 */
import { type Manners, readFaults } from './faults.ts'
import { inspect } from './inspect.ts'
import { type Clock, type Job, JobBook, type Journal } from './jobs.ts'
import { respell } from './manners.ts'
import { refuseOnDemand, spoilOnDemand } from './ondemand.ts'
import { drawPicture } from './picture.ts'
import { type Draw, PictureDesk } from './pictures.ts'
import type { Order, PlayedProvider, View } from './provider.ts'
import { PROVIDERS } from './providers/index.ts'

const KEY_PREFIX = 'sk-sandbox'
const CALLBACK_TRIES = 5

export { DroppedConnection } from './ondemand.ts'

export interface SandboxOptions {
  clock: Clock
  /** Seconds that a job takes unless its prompt says otherwise. */
  seconds: () => number
  /** Sends a callback; an answer other than 2xx is tried again. */
  callBack: (url: string, body: string) => Promise<number>
  /** Draws a PNG, for who has no use for a large one. */
  draw?: Draw
  /** Where the job book is kept; without it the book ends with the process. */
  journal?: Journal
}

export interface Sandbox {
  fetch(request: Request): Promise<Response>
}

interface Call {
  provider: PlayedProvider
  /** The address under which the caller reaches this provider. */
  base: string
  path: string
  request: Request
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { clock, draw = drawPicture } = options
  const book = new JobBook(clock, options.seconds, options.journal ?? null)
  const desk = new PictureDesk(book, clock, draw)
  // Those that an earlier process still owed.
  for (const job of book.jobs.values()) {
    const provider = PROVIDERS.find(({ id }) => id === job.provider)
    if (provider) void callBackWhenDone(provider, job)
  }

  async function answer(call: Call): Promise<Response> {
    const { provider, path, request } = call
    const file = /^\/files\/([^/]+)\/(\d+)\.(?:png|jpg)$/.exec(path)
    if (file) return showPicture(call, file[1] ?? '', Number(file[2]))

    const key = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
    if (!key.startsWith(KEY_PREFIX)) return provider.refuse(401, 'unauthorized')
    if (request.method === 'POST' && provider.submitPaths.includes(path)) return submit(call, key)
    const jobId = request.method === 'GET' ? provider.jobIdIn(path) : null
    if (jobId !== null) return show(call, key, jobId)
    if (request.method === 'GET' && provider.balance?.path === path)
      return provider.balance.show(book.balance(provider.id, key))
    return provider.refuse(404, 'no_job')
  }

  async function submit(call: Call, key: string): Promise<Response> {
    const { provider, path, request } = call
    const body: unknown = await request.json().catch(() => null)
    const order = provider.read(body, path)
    const taken = order instanceof Response ? order : takeOrRefuse(call, key, order)
    const jobId = taken instanceof Response ? null : taken.id
    book.note({ provider: provider.id, body, jobId })
    if (taken instanceof Response) return taken
    void callBackWhenDone(provider, taken)
    if (taken.faults.hold) await clock.sleep(taken.faults.hold * 1000)
    if (provider.synchronous) await untilDone(taken)
    return spoilOnDemand(book, clock, taken, (isPlain) => {
      const view = viewOf(call.base, isPlain ? plainly(taken) : taken)
      return spell(provider, view, 'submission', provider.accepted(view))
    })
  }

  function takeOrRefuse(call: Call, key: string, order: Order): Job | Response {
    const { provider, base } = call
    const manners: Manners = readFaults(provider.id, order.prompt)
    const refusal = isTurnedAway(call, manners) ? turnAway() : refuseOnDemand(book, provider, order)
    if (refusal) return refusal
    const { callbackUrl: url, ...rest } = order
    const callback = url && provider.callsBack ? { url, base } : null
    const id = manners.ids === 'numeric' ? numericId() : provider.newJobId()
    const job = book.take({ ...rest, callback, provider: provider.id, account: key }, id)
    return job ?? provider.refuse(402, 'no_credits')
  }

  async function untilDone(job: Job): Promise<void> {
    while (clock.now() < job.doneAt) await clock.sleep(job.doneAt - clock.now())
  }

  async function show(call: Call, key: string, jobId: string): Promise<Response> {
    const { provider } = call
    const job = book.jobs.get(jobId)
    if (!job || job.provider !== provider.id || job.account !== key) {
      return provider.refuse(404, 'no_job')
    }
    if (isTurnedAway(call, job.faults)) return turnAway()
    const { poll, times } = job.faults
    const strikes = poll && book.strikes(provider.id, job.prompt, 'poll', times)
    if (strikes && poll === 'garbage') return new Response('<html>')
    if (strikes) book.update(job, { troubles: [...job.troubles, clock.now()] })
    if (strikes && poll === '404') book.update(job, { denials: job.denials + 1 })
    if (strikes && poll !== 'strange') return provider.refuse(Number(poll), 'no_job')
    const view = { ...viewOf(call.base, job), strange: Boolean(strikes) }
    return spell(provider, view, 'task', provider.show(view))
  }

  /** The documented answer in the manner that the job's prompt asks for. */
  function spell(
    { picturesPath }: PlayedProvider,
    view: View,
    kind: 'submission' | 'task',
    documented: Response,
  ): Promise<Response> {
    const dataUrl = (index: number) => desk.dataUrl(view.job, index)
    return respell(documented, { ...view, kind, picturesPath, dataUrl })
  }

  function viewOf(base: string, job: Job): View {
    const state = book.stateOf(job)
    const urls = state === 'done' ? desk.addresses(base, job) : []
    const balance = book.balance(job.provider, job.account)
    return { job, state, urls, balance, strange: false }
  }

  async function callBackWhenDone(provider: PlayedProvider, job: Job): Promise<void> {
    const { callback, faults } = job
    if (callback === null || faults.callback === 'none') return
    await untilDone(job)
    const view = viewOf(callback.base, plainly(job))
    const body = await (await spell(provider, view, 'task', provider.show(view))).text()
    let calledBack = false
    for (let tries = 1; tries <= CALLBACK_TRIES && !calledBack; tries++) {
      if (tries > 1) await clock.sleep((tries - 1) * 1000)
      const status = await options.callBack(callback.url, body).catch(() => 0)
      calledBack = status >= 200 && status < 300
    }
    book.update(job, { calledBack, callback: null })
    if (faults.callback === 'twice') await options.callBack(callback.url, body).catch(() => 0)
  }

  function showPicture(call: Call, jobId: string, index: number): Response {
    const job = book.jobs.get(jobId)
    if (!job || book.stateOf(job) !== 'done') return new Response('Not found', { status: 404 })
    if (isTurnedAway(call, job.faults)) return turnAway()
    const { response, isPicture } = desk.serve(call.base, job, index, new URL(call.request.url))
    if (!isPicture) book.update(job, { troubles: [...job.troubles, clock.now()] })
    return response
  }

  return {
    async fetch(request) {
      const url = new URL(request.url)
      if (url.pathname.startsWith('/_sandbox/')) return inspect(book, desk, isSynchronous, url)
      const call = callOf(request, url)
      return call ? answer(call) : noSuchProvider()
    },
  }
}

/** The same job, in whose answers JSON is what they are and not what is in them. */
function plainly(job: Job): Job {
  return { ...job, faults: { ...job.faults, framing: undefined, quoted: undefined } }
}

function isTurnedAway({ request }: Call, { caller }: Manners): boolean {
  return caller === 'named' && !request.headers.get('user-agent')
}

/** As what stands before a provider does. */
function turnAway(): Response {
  return new Response('<html>Access denied</html>', { status: 403 })
}

function isSynchronous(provider: string): boolean {
  return PROVIDERS.some(({ id, synchronous }) => id === provider && synchronous)
}

function numericId(): string {
  return String(Number.parseInt(crypto.randomUUID().replaceAll('-', '').slice(0, 12), 16))
}

function noSuchProvider(): Response {
  const headers = { 'x-no-such-provider': 'true' }
  return new Response('No such provider', { status: 404, headers })
}

function callOf(request: Request, url: URL): Call | null {
  const byHost = PROVIDERS.find((provider) => provider.host === url.hostname)
  if (byHost) return { provider: byHost, base: url.origin, path: url.pathname, request }
  const [, id = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? []
  const byPath = PROVIDERS.find((provider) => provider.id === id)
  return byPath ? { provider: byPath, base: `${url.origin}/${id}`, path: rest, request } : null
}
