/** A place where calls wait until a test lets them through. */
export function gate() {
  const { promise, resolve: open } = Promise.withResolvers<void>()
  let isReached = false
  const pass = (): Promise<void> => {
    isReached = true
    return promise
  }
  return { pass, open, isReached: () => isReached }
}
