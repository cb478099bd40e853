/**
 * Who waits for news of a task: each has a WebSocket to the task's runner, which closes it to tell.
 *
 * The platform holds the sockets, so the runner may leave the memory meanwhile and costs nothing; what it has
 * to know of a waiter stands in its socket. The time limit is the waiter's own, since a timer would keep the
 * runner awake. Invariant: news of a version reach every socket that waits past an older one, and those of
 * the end every socket.
 */

/** No version is past it: who waits past it is told of the task's end alone. */
export const UNTIL_OVER = Number.MAX_SAFE_INTEGER

const PAST_HEADER = 'Past-Version'
/** The code of a socket that was closed because of news. Any other one means that it was lost. */
const NEWS_CODE = 4000
const LEFT_CODE = 1000

/** In the runner. */
export class Audience {
  /** As far as is known since it came into memory. */
  #version = 0
  #isOver = false
  readonly #sockets: Pick<DurableObjectState, 'acceptWebSocket' | 'getWebSockets'>

  constructor(sockets: Pick<DurableObjectState, 'acceptWebSocket' | 'getWebSockets'>) {
    this.#sockets = sockets
  }

  /** @param isOver whether that is known of the version */
  tell(version: number, isOver: boolean): void {
    if (version <= this.#version && isOver <= this.#isOver) return
    this.#version = Math.max(version, this.#version)
    this.#isOver ||= isOver
    for (const socket of this.#sockets.getWebSockets()) this.#tellOne(socket)
  }

  /** A socket that can't be told must not be in the way of the others, nor of whoever has written the news. */
  #tellOne(socket: WebSocket): void {
    try {
      if (this.#isNews(Number(socket.deserializeAttachment()))) socket.close(NEWS_CODE)
    } catch {
      // Its waiter looks for itself within ten seconds.
    }
  }

  #isNews(past: number): boolean {
    return past === UNTIL_OVER ? this.#isOver : this.#version > past
  }

  /** Gives a socket that is closed once there is news; 204 if there is some already. */
  admit({ headers }: Request): Response {
    const past = Number(headers.get(PAST_HEADER) ?? Number.NaN)
    if (headers.get('Upgrade') !== 'websocket' || !Number.isSafeInteger(past)) {
      return new Response(null, { status: 426 })
    }
    if (this.#isNews(past)) return new Response(null, { status: 204 })
    const { 0: far, 1: near } = new WebSocketPair()
    near.serializeAttachment(past)
    this.#sockets.acceptWebSocket(near)
    return new Response(null, { status: 101, webSocket: far })
  }
}

/**
 * Returns once the runner knows of a version past the given one, or nobody waits any more.
 *
 * @param version `UNTIL_OVER`: once it knows that the task is over
 * @throws Error when the runner is lost, as by a deployment.
 */
export async function listen(
  runner: Pick<Fetcher, 'fetch'>,
  version: number,
  leaving: AbortSignal,
): Promise<void> {
  const headers = { Upgrade: 'websocket', [PAST_HEADER]: String(version) }
  const { status, webSocket: socket } = await runner.fetch('https://runner', { headers })
  if (status === 204) return
  if (!socket) throw new Error('The runner of a task takes no listener.')
  try {
    await new Promise<void>((resolve, reject) => {
      const lose = () => reject(new Error('The runner of a task was lost.'))
      socket.addEventListener('close', ({ code }) => (code === NEWS_CODE ? resolve() : lose()))
      socket.addEventListener('error', lose)
      leaving.addEventListener('abort', () => resolve())
      socket.accept()
      if (leaving.aborted) resolve()
    })
  } finally {
    socket.close(LEFT_CODE)
  }
}
