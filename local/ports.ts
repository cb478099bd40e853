/** Which port a local command listens on: `PORT`, or its usual one, or a sentence why that can't be. */
import { createServer } from 'node:net'

/** The port that an environment variable names, or the usual one. Ends the command when it is none. */
export function portFrom(variable: string, usual: number): number {
  const text = process.env[variable]
  if (!text) return usual
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  return giveUp(`${variable}=${text} is not a port: it must be a whole number below 65536.`)
}

/**
 * The port itself, so that addresses stay the same from one start to the next. Ends the command with a
 * sentence when another program has it.
 */
export async function insistOn(port: number, variable: string): Promise<number> {
  const free = await freePort(port)
  if (free !== null) return free
  return giveUp(
    `Port ${port} is taken by another program. End that one, or choose another port: ${variable}=${port + 10} npm run dev`,
  )
}

/** The port, or any free one and a word about it. */
export async function preferPort(port: number): Promise<number> {
  const free = await freePort(port)
  if (free !== null) return free
  const other = await anyPort()
  console.log(`Port ${port} is taken, so it is ${other} this time; PORT chooses one.`)
  return other
}

/** Any free port. */
export async function anyPort(): Promise<number> {
  return (await freePort(0)) ?? giveUp('No port is free on 127.0.0.1.')
}

/** Null when it is taken; port 0 finds any free one. */
export function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const found = address !== null && typeof address === 'object' ? address.port : null
      server.close(() => resolve(found))
    })
  })
}

function giveUp(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
