/** The one function of Node's that is used here; the Workers runtime has it, its types don't. */
declare module 'node:zlib' {
  export function unzipSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array
}
