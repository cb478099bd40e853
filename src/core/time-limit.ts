/**
 * A limit on how long something may take.
 *
 * `AbortSignal.timeout` would leave its timer running after the work is done, and a pending timer
 * keeps a Durable Object in memory, and on the bill, for minutes.
 */
export async function withTimeLimit<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new DOMException('The time limit was reached.', 'TimeoutError'))
  }, milliseconds)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}
