/** The live memory of a Worker's isolate, asked of its inspector after a garbage collection. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Gateway } from './gateway.ts'

const NUDGE_MS = 20

interface Answer {
  id: number
  result: { usedSize?: number; backingStorageSize?: number }
}

export class Heap {
  readonly #socket: WebSocket
  readonly #gateway: Gateway
  #calls = 0

  private constructor(socket: WebSocket, gateway: Gateway) {
    this.#socket = socket
    this.#gateway = gateway
  }

  static async open(gateway: Gateway, inspectorPort: number): Promise<Heap> {
    const response = await fetch(`http://127.0.0.1:${inspectorPort}/json`)
    const targets = (await response.json()) as Array<{ id: string; webSocketDebuggerUrl: string }>
    const target = targets.find(({ id }) => id.startsWith('core:user:'))
    if (!target) throw new Error('The inspector does not know the Worker.')
    const socket = new WebSocket(target.webSocketDebuggerUrl)
    await new Promise((resolve, reject) => {
      socket.onopen = resolve
      socket.onerror = reject
    })
    const heap = new Heap(socket, gateway)
    await heap.#call('HeapProfiler.enable')
    return heap
  }

  /** Objects and the buffers that they hold. */
  async liveBytes(): Promise<number> {
    await this.#answered(this.#call('HeapProfiler.collectGarbage'))
    const usage = this.#answered(this.#call('Runtime.getHeapUsage'))
    const { usedSize = 0, backingStorageSize = 0 } = await usage
    return usedSize + backingStorageSize
  }

  close(): void {
    this.#socket.close()
  }

  /** The isolate answers when it next has something to do, which is nothing while its clients are slow. */
  async #answered<T>(answer: Promise<T>): Promise<T> {
    let isAnswered = false
    const noted = answer.finally(() => {
      isAnswered = true
    })
    while (!isAnswered) {
      await (await fetch(`${this.#gateway.url}/healthz`)).body?.cancel()
      await Promise.race([noted, sleep(NUDGE_MS)])
    }
    return noted
  }

  #call(method: string): Promise<Answer['result']> {
    const id = ++this.#calls
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent) => {
        const answer = JSON.parse(String(data)) as Answer
        if (answer.id !== id) return
        this.#socket.removeEventListener('message', listen)
        resolve(answer.result)
      }
      this.#socket.addEventListener('message', listen)
      this.#socket.send(JSON.stringify({ id, method }))
    })
  }
}
