/** Pictures and streams for the tests of the outputs. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]
const CHUNK_BYTES = 60_000

/** What begins and ends as a PNG does, of exactly as many bytes. */
export function pictureOf(bytes: number): Uint8Array<ArrayBuffer> {
  const picture = new Uint8Array(bytes)
  for (let position = 0; position < bytes; position++) picture[position] = (position * 31) >> 3
  picture.set(SIGNATURE)
  picture.set(END, bytes - END.length)
  return picture
}

/** A stream made in JavaScript, which fills no buffers. */
export function scriptStream(
  bytes: Uint8Array,
  chunkBytes = CHUNK_BYTES,
): ReadableStream<Uint8Array> {
  let position = 0
  return new ReadableStream({
    pull(controller) {
      if (position >= bytes.byteLength) return controller.close()
      controller.enqueue(bytes.slice(position, position + chunkBytes))
      position += chunkBytes
    },
  })
}

/** A stream of the runtime, as the bodies of requests and answers are. */
export function runtimeStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return scriptStream(bytes).pipeThrough(new IdentityTransformStream())
}

/** A stream that fails after its bytes. */
export function brokenStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let isSent = false
  return new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new Error('The connection was lost.'))
      isSent = true
      controller.enqueue(bytes)
    },
  })
}
