/** What an isolate holds more while it writes a stored picture as base64 than while it sends it as it is. */
import { anyPort } from '../../local/ports.ts'
import { withGateway } from '../gateway.ts'
import { Heap } from '../heap.ts'
import { noisePicture } from '../picture.ts'
import { type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'

const MIB = 1024 * 1024
const PICTURE_BYTES = 10 * MIB
const ROUNDS = 5
const GOAL_MIB = 8

export const openaiMemory: Row = {
  name: 'openai-memory',
  title:
    'live memory of an isolate that writes a picture of 10 MiB as base64, beyond sending it as it is',
  kind: 'time',
  measure: async ({ say }) => {
    const inspectorPort = await anyPort()
    const upstream = { picture: noisePicture(PICTURE_BYTES), seconds: 0 }
    const entry = 'src/index.ts'
    return withGateway({ entry, upstream, inspectorPort }, async (gateway) => {
      const headers = {
        authorization: `Bearer ${gateway.key}`,
        'content-type': 'application/json',
        // Asked again, it is the same stored picture.
        'idempotency-key': 'large',
      }
      const body = JSON.stringify({ prompt: 'A large one' })
      const written = () =>
        fetch(`${gateway.url}/openai/v1/images/generations`, { method: 'POST', headers, body })
      const { task_id: id } = (await (await written()).json()) as { task_id: string }
      const sent = () => gateway.get(`/v1/tasks/${id}/outputs/0`)
      const heap = await Heap.open(gateway, inspectorPort)
      const differences: number[] = []
      for (let number = 1; number <= ROUNDS; number++) {
        const sentMib = await mostWhileReading(heap, await sent())
        const writtenMib = await mostWhileReading(heap, await written())
        differences.push(writtenMib - sentMib)
        say(`round ${number}: ${writtenMib.toFixed(2)} MiB, as it is ${sentMib.toFixed(2)} MiB`)
      }
      heap.close()
      return [timed('more live memory', median(differences), 'MiB', GOAL_MIB)]
    })
  },
}

/** Looks after each MiB, so that the sender has to wait for a reader that is slow. */
async function mostWhileReading(heap: Heap, response: Response): Promise<number> {
  if (!response.ok || !response.body) throw new Error(`It answered ${await response.text()}`)
  let most = 0
  let bytes = 0
  let unseenBytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    unseenBytes += chunk.byteLength
    if (unseenBytes < MIB) continue
    unseenBytes = 0
    most = Math.max(most, await heap.liveBytes())
  }
  if (bytes < PICTURE_BYTES) throw new Error(`Only ${bytes} bytes came.`)
  return most / MIB
}
