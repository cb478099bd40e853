/** What is used here of Node's modules; the Workers runtime has them, its types don't. */
declare module 'node:stream' {
  export interface Readable {
    readonly readable: boolean
  }
  export const Readable: {
    from(chunks: AsyncIterable<Uint8Array>, options: { objectMode: false }): Readable
    toWeb(readable: Readable): ReadableStream<Uint8Array>
  }
  export function pipeline<Through extends Readable>(
    source: Readable,
    through: Through,
    done: (error?: Error) => void,
  ): Through
}

declare module 'node:zlib' {
  import type { Readable } from 'node:stream'

  export function unzipSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array
  export function createUnzip(): Readable
}
