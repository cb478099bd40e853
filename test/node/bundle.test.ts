/** The Worker stays small: one careless import can bring a library's every language along. */
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import { bundleWorker } from '../../local/gateway.ts'

/** Some room above what it is; 90 of them are the MCP SDK. */
const GZIP_KIB_MAX = 330

let script: string
beforeAll(async () => {
  script = await bundleWorker()
})

it(`has at most ${GZIP_KIB_MAX} KiB, compressed`, () => {
  expect(gzipSync(script).byteLength / 1024).toBeLessThan(GZIP_KIB_MAX)
})

it('brings no other language of zod', () => {
  expect(script).not.toMatch(/Ongeldige invoer|Ogiltig inmatning/)
})
