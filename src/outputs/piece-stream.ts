/** A body that is written piece by piece, as fast as it is read. */

/**
 * The pieces as a stream, which is broken off where a piece is null.
 *
 * @param leave called when the reader goes away before the end
 */
export function streamOf(
  pieces: AsyncGenerator<Uint8Array | null, void>,
  leave: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else if (value === null) controller.error(new Error('The source broke off.'))
        else controller.enqueue(value)
      },
      async cancel() {
        leave()
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
}
