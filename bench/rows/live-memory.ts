/** What ten large pictures at once hold of an isolate, whose limit is 128 MB on the platform. */
import { setTimeout as sleep } from 'node:timers/promises'
import { anyPort } from '../../local/ports.ts'
import { withGateway } from '../gateway.ts'
import { Heap } from '../heap.ts'
import { noisePicture } from '../picture.ts'
import { type Row, timed } from '../row.ts'
import { CALLBACK_PROVIDER, runTask } from '../task-costs.ts'

const MIB = 1024 * 1024
const PICTURES = 10
const PICTURE_BYTES = 8 * MIB
const LOOK_MS = 50
const GOAL_MIB = 40

export const liveMemory: Row = {
  name: 'live-memory',
  title: `live memory of an isolate that stores ${PICTURES} pictures of 8 MiB and unknown length at once`,
  kind: 'time',
  measure: async ({ say }) => {
    const inspectorPort = await anyPort()
    const upstream = { picture: noisePicture(PICTURE_BYTES), saysLength: false, seconds: 0 }
    const entry = 'src/index.ts'
    return withGateway({ entry, upstream, inspectorPort }, async (gateway) => {
      await runTask(gateway, CALLBACK_PROVIDER, 0)
      const cron = gateway.startCron()
      const heap = await Heap.open(gateway, inspectorPort)
      const before = await heap.liveBytes()
      let most = before
      let looks = 0
      const tasks = Array.from({ length: PICTURES }, () => runTask(gateway, CALLBACK_PROVIDER, 0))
      const ended = Promise.all(tasks).then(() => 'ended' as const)
      const look = () => sleep(LOOK_MS, 'running' as const)
      while ((await Promise.race([ended, look()])) === 'running') {
        most = Math.max(most, await heap.liveBytes())
        looks++
      }
      cron.stop()
      heap.close()
      say(`looked ${looks} times`)
      return [timed('live, beyond an idle isolate', (most - before) / MIB, 'MiB', GOAL_MIB)]
    })
  },
}
