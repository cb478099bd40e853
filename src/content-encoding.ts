/**
 * Answers that are compressed under a name that the runtime does not undo: it knows `gzip` and `br`, written so.
 *
 * Invariant: what comes is read as it streams, and what begins like no compressed data is handed on as it is,
 * for another runtime may have undone it and left the header.
 */
import { pipeline, Readable } from 'node:stream'
import { createUnzip } from 'node:zlib'

const UNDONE_BY_RUNTIME = ['gzip', 'br']
const KNOWN = ['gzip', 'x-gzip', 'deflate']
const GZIP_MAGIC = [0x1f, 0x8b]
/** Of zlib's format, which is what HTTP calls deflate. */
const ZLIB_MAGIC = 0x78

/** The same answer with its body as it was before it was compressed. */
export async function decodeContent(response: Response): Promise<Response> {
  const coding = response.headers.get('content-encoding')?.trim() ?? ''
  const { body } = response
  if (!body || UNDONE_BY_RUNTIME.includes(coding) || !KNOWN.includes(coding.toLowerCase()))
    return response
  const reader = body.getReader()
  const { value: first = new Uint8Array() } = await reader.read()
  const source = Readable.from(chunksOf(first, reader), { objectMode: false })
  const headers = new Headers(response.headers)
  headers.delete('content-encoding')
  headers.delete('content-length')
  const content = isCompressed(first) ? unzip(source) : source
  const { status } = response
  return new Response(Readable.toWeb(content), { status, headers })
}

function isCompressed([one, two]: Uint8Array): boolean {
  return one === ZLIB_MAGIC || (one === GZIP_MAGIC[0] && two === GZIP_MAGIC[1])
}

/** Whatever fails breaks off the body, which is what its reader looks out for. */
function unzip(source: Readable): Readable {
  return pipeline(source, createUnzip(), () => undefined)
}

async function* chunksOf(
  first: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield first
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
