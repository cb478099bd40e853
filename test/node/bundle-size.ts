/**
 * Part of `npm run build`: the Worker's script keeps to its budget, so that a library that brings all
 * of itself along is noticed at once. Static assets don't count.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** Of them 90 for the MCP SDK, which is loaded when it is first asked for (56 if it were minified). */
const BUDGET_KIB = 370
const SCRIPT = 'dist/index.js'

const size = gzipSync(readFileSync(SCRIPT)).byteLength / 1024
const told = `The Worker's script is ${size.toFixed(1)} KiB (gzip)`
if (size <= BUDGET_KIB) console.log(`${told}, within its budget of ${BUDGET_KIB} KiB.`)
else {
  console.error(
    `${told}, more than its budget of ${BUDGET_KIB} KiB. Look at what the last change imports; if it is worth its weight, raise the budget in test/node/bundle-size.ts.`,
  )
  process.exitCode = 1
}
