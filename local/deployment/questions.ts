/**
 * Questions in a terminal, or answered line by line from a pipe. Secrets are not shown while typed.
 *
 * Where nobody can answer (the input has ended, or this is a CI run) every answer is null.
 */
import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'

export class Questions {
  readonly #isAnswered = process.stdin.isTTY === true || !process.env.CI
  #isMuted = false
  #reader: Interface | null = null
  #lines: AsyncIterator<string> | null = null

  /** The answer without blanks around it; '' is an empty line. */
  async ask(question: string, { isSecret = false } = {}): Promise<string | null> {
    if (!this.#isAnswered) return null
    process.stdout.write(`    ? ${question} `)
    this.#isMuted = isSecret
    const { value, done } = await this.#open().next()
    if (isSecret || !process.stdin.isTTY) process.stdout.write('\n')
    this.#isMuted = false
    return done ? null : value.trim()
  }

  /** Anything but a yes is a no. */
  async confirm(question: string): Promise<boolean> {
    return /^y(es)?$/i.test((await this.ask(`${question} [y/N]`)) ?? '')
  }

  close(): void {
    this.#reader?.close()
  }

  #open(): AsyncIterator<string> {
    if (this.#lines) return this.#lines
    const output = new Writable({
      write: (chunk, _encoding, done) => {
        if (!this.#isMuted) process.stdout.write(chunk)
        done()
      },
    })
    const terminal = process.stdin.isTTY === true
    this.#reader = createInterface({ input: process.stdin, output, terminal, prompt: '' })
    this.#reader.once('SIGINT', () => {
      console.log('\nStopped. What is done stays done: run it again to go on.')
      process.exit(130)
    })
    this.#lines = this.#reader[Symbol.asyncIterator]()
    return this.#lines
  }
}
