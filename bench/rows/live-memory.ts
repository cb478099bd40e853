/** What ten large pictures at once hold of an isolate, whose limit is 128 MB on the platform. */
import { freePort } from '../../local/gateway.ts'
import { withGateway } from '../gateway.ts'
import { Heap } from '../heap.ts'
import { noisePicture } from '../picture.ts'
import { type Row, timed } from '../row.ts'
import { CALLBACK_PROVIDER, runTask } from '../task-costs.ts'

const MIB = 1024 * 1024
const PICTURES = 10
const PICTURE_BYTES = 12 * MIB
const GOAL_MIB = 40

export const liveMemory: Row = {
  name: 'live-memory',
  title: `live memory of an isolate that stores ${PICTURES} pictures of 12 MiB and unknown length at once`,
  kind: 'time',
  measure: async ({ say }) => {
    const inspectorPort = await freePort(0)
    const upstream = { picture: noisePicture(PICTURE_BYTES), saysLength: false, seconds: 0 }
    const entry = 'src/index.ts'
    return withGateway({ entry, upstream, inspectorPort }, async (gateway) => {
      await runTask(gateway, CALLBACK_PROVIDER, 0)
      const heap = await Heap.open(gateway, inspectorPort)
      const before = await heap.liveBytes()
      let isOver = false
      const tasks = Promise.all(
        Array.from({ length: PICTURES }, () => runTask(gateway, CALLBACK_PROVIDER, 0)),
      ).finally(() => {
        isOver = true
      })
      let most = before
      let looks = 0
      for (; !isOver; looks++) most = Math.max(most, await heap.liveBytes())
      await tasks
      heap.close()
      say(`looked ${looks} times`)
      return [timed('live, beyond an idle isolate', (most - before) / MIB, 'MiB', GOAL_MIB)]
    })
  },
}
