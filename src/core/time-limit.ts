/** Why a call over the network failed, in words. @param limitMs the limit it was under */
export function reasonOf(error: unknown, limitMs: number): string {
  const isTimeOut = error instanceof Error && error.name === 'TimeoutError'
  return isTimeOut ? `no answer within ${limitMs / 1000} s` : 'the connection failed or was dropped'
}

/**
 * A limit on how long something is waited for, whether it heeds its signal or not.
 *
 * What has shown that it gets on may be given more time: `extend` begins the time anew.
 *
 * `AbortSignal.timeout` would leave its timer running after the work is done, and a pending timer
 * keeps a Durable Object in memory, and on the bill, for minutes.
 */
export async function withTimeLimit<T>(
  milliseconds: number,
  work: (signal: AbortSignal, extend: (milliseconds: number) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const end = () =>
    controller.abort(new DOMException('The time limit was reached.', 'TimeoutError'))
  let timer = setTimeout(end, milliseconds)
  const extend = (more: number) => {
    clearTimeout(timer)
    timer = setTimeout(end, more)
  }
  const limit = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  try {
    return await Promise.race([work(signal, extend), limit])
  } finally {
    clearTimeout(timer)
  }
}
