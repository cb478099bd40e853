/**
 * R2, played in memory: the part of its surface that the gateway uses.
 *
 * An object is there only once all its bytes arrived, and only if its writer was still alive then.
 */
import { currentInvocation } from '../world/invocation'

interface StoredObject {
  bytes: Uint8Array
  httpMetadata: { contentType?: string }
}

export class SimulatedBucket {
  readonly objects = new Map<string, StoredObject>()

  get(key: string, options: { range?: { offset: number; length: number } } = {}) {
    return currentInvocation().perform('bucket', `get ${key}`, () => {
      const object = this.objects.get(key)
      if (!object) return null
      const { offset = 0, length = object.bytes.byteLength } = options.range ?? {}
      const body = streamOf(object.bytes.slice(offset, offset + length))
      return { key, size: object.bytes.byteLength, httpMetadata: object.httpMetadata, body }
    })
  }

  head(key: string) {
    return currentInvocation().perform('bucket', `head ${key}`, () => {
      const object = this.objects.get(key)
      return object ? { key, size: object.bytes.byteLength } : null
    })
  }

  put(
    key: string,
    value: ArrayBuffer | ReadableStream<Uint8Array>,
    options: { httpMetadata?: StoredObject['httpMetadata'] } = {},
  ) {
    const invocation = currentInvocation()
    return invocation.perform('bucket', `put ${key}`, async () => {
      const bytes = new Uint8Array(await new Response(value).arrayBuffer())
      if (!invocation.isDead) {
        this.objects.set(key, { bytes, httpMetadata: options.httpMetadata ?? {} })
      }
      return { key, size: bytes.byteLength }
    })
  }

  /** The parts are no object until the upload is complete. */
  createMultipartUpload(
    key: string,
    options: { httpMetadata?: StoredObject['httpMetadata'] } = {},
  ) {
    const parts: Uint8Array[] = []
    const perform = <T>(what: string, work: () => T) => {
      const invocation = currentInvocation()
      return invocation.perform('bucket', `${what} ${key}`, () => {
        if (!invocation.isDead) return work()
        return null
      })
    }
    const upload = {
      uploadPart: (partNumber: number, value: ArrayBuffer | ReadableStream<Uint8Array>) =>
        perform('upload part of', async () => {
          parts[partNumber - 1] = new Uint8Array(await new Response(value).arrayBuffer())
          return { partNumber, etag: `part-${partNumber}` }
        }),
      complete: () =>
        perform('complete', () => {
          const bytes = new Uint8Array(Buffer.concat(parts))
          this.objects.set(key, { bytes, httpMetadata: options.httpMetadata ?? {} })
          return { key, size: bytes.byteLength }
        }),
      abort: () => perform('abort', () => undefined),
    }
    return perform('begin', () => upload)
  }

  list({ prefix }: { prefix: string }) {
    return currentInvocation().perform('bucket', `list ${prefix}`, () => {
      const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix))
      return { objects: keys.map((key) => ({ key })), truncated: false }
    })
  }

  delete(keys: string | string[]) {
    return currentInvocation().perform('bucket', `delete ${keys}`, () => {
      for (const key of [keys].flat()) this.objects.delete(key)
    })
  }
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}
