/**
 * The globals of the Workers runtime, as the simulated world has them.
 *
 * The bundle puts these in the place of the real ones, in the gateway, in its libraries and in the
 * sandbox. Invariant: whatever the gateway reads of time, chance and network comes from the world.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Timer } from '../world/clock'
import { currentInvocation } from '../world/invocation'
import { currentWorld } from '../world/world'
import { fetchThroughGate } from './fetch'
import { SimulatedResponse, SimulatedWebSocketPair } from './web-socket'

export function simulatedNow(): number {
  return currentWorld().clock.now()
}

export function simulatedRandom(): number {
  return currentWorld().chance.fraction()
}

function startTimer(action: () => void, milliseconds: number): Timer {
  const invocation = currentInvocation()
  return invocation.stage.clock.after(milliseconds, () => {
    if (!invocation.isDead) action()
  })
}

function stopTimer(timer: Timer): void {
  timer.isOff = true
}

const simulatedScheduler = {
  wait: (milliseconds: number): Promise<void> =>
    new Promise((resolve) => startTimer(resolve, milliseconds)),
}

const simulatedConsole = {
  log: (line: string): void => currentWorld().log(line),
  error: (line: string): void => currentWorld().log(line),
}

/** Takes a digest of what is written into it. */
class DigestStream extends WritableStream<Uint8Array> {
  readonly digest: Promise<ArrayBuffer>

  constructor(_algorithm: 'SHA-256') {
    const hash = createHash('sha256')
    let finish: (digest: ArrayBuffer) => void = () => undefined
    const digest = new Promise<ArrayBuffer>((resolve) => {
      finish = resolve
    })
    super({
      write: (chunk) => void hash.update(chunk),
      close: () => finish(bufferOf(hash.digest())),
    })
    this.digest = digest
  }
}

/** Breaks off unless exactly as many bytes flow through as were promised. */
class SimulatedFixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(length: number) {
    let bytes = 0
    super({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        if (bytes > length) throw new TypeError('Attempt to write too many bytes.')
        controller.enqueue(chunk)
      },
      flush() {
        if (bytes < length) throw new TypeError('FixedLengthStream did not see all its bytes.')
      },
    })
  }
}

/** SHA-256 and HMAC-SHA-256 at once, where the real one would take its turn on another thread. */
const subtle = {
  digest: async (_algorithm: string, data: Uint8Array) =>
    bufferOf(createHash('sha256').update(data).digest()),
  importKey: async (_format: string, secret: Uint8Array) => secret,
  sign: async (_algorithm: string, secret: Uint8Array, data: Uint8Array) =>
    bufferOf(createHmac('sha256', secret).update(data).digest()),
  async verify(_algorithm: string, secret: Uint8Array, mac: Uint8Array, data: Uint8Array) {
    const right = createHmac('sha256', secret).update(data).digest()
    return right.byteLength === mac.byteLength && timingSafeEqual(right, mac)
  },
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

const simulatedCrypto = {
  subtle,
  DigestStream,
  getRandomValues: <T extends ArrayBufferView>(view: T): T => currentWorld().chance.fill(view),
  randomUUID(): string {
    const hex = Buffer.from(currentWorld().chance.fill(new Uint8Array(16))).toString('hex')
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
  },
}

export {
  fetchThroughGate as fetch,
  SimulatedFixedLengthStream as FixedLengthStream,
  SimulatedResponse as Response,
  SimulatedWebSocketPair as WebSocketPair,
  simulatedConsole as console,
  simulatedCrypto as crypto,
  simulatedScheduler as scheduler,
  startTimer as setTimeout,
  stopTimer as clearTimeout,
}
