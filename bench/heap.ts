/** The live memory of a Worker's isolate, asked of its inspector after a garbage collection. */
import type { Gateway } from './gateway.ts'

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
    const collected = this.#call('HeapProfiler.collectGarbage')
    // It is collected when the isolate next has something to do.
    await (await fetch(`${this.#gateway.url}/healthz`)).body?.cancel()
    await collected
    const { usedSize = 0, backingStorageSize = 0 } = await this.#call('Runtime.getHeapUsage')
    return usedSize + backingStorageSize
  }

  close(): void {
    this.#socket.close()
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
