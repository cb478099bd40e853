/** CPU of a whole task with a usual picture beside a bare Worker that pipes it into the bucket. */
import { type Gateway, withGateway } from '../gateway.ts'
import { spread } from '../in-flight.ts'
import { noisePicture } from '../picture.ts'
import { cpuMs } from '../process.ts'
import { type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'
import { CALLBACK_PROVIDER } from '../task-costs.ts'

const PICTURE_BYTES = 2.25 * 1024 * 1024
const ROUNDS = 5
const PICTURES = 16
const AT_ONCE = 4

export const pictureCpu: Row = {
  name: 'picture-cpu',
  title: 'CPU of a task with a picture of 2.25 MB, beside a bare Worker that pipes it into R2',
  kind: 'time',
  measure: ({ say }) => {
    const upstream = { picture: noisePicture(PICTURE_BYTES), seconds: 0 }
    return withGateway(
      { entry: 'bench/workers/piping.ts', upstream },
      async (gateway, { origin, jobs }) => {
        const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
          const before = cpuMs(gateway.processId)
          await spread(PICTURES, AT_ONCE, work)
          return (cpuMs(gateway.processId) - before) / PICTURES
        }
        const task = () => makePicture(gateway)
        await task()
        const [job] = await jobs()
        const address = encodeURIComponent(`${origin}/${CALLBACK_PROVIDER}/files/${job?.id}/0.png`)
        const pipe = async () => {
          const response = await fetch(`${gateway.url}/_bench/pipe?url=${address}`)
          if (response.status !== 204) throw new Error(`The pipe answered ${await response.text()}`)
        }
        await cpuOf(pipe)
        await cpuOf(task)
        const multiples: number[] = []
        for (let number = 1; number <= ROUNDS; number++) {
          const bare = await cpuOf(pipe)
          const own = await cpuOf(task)
          multiples.push(own / bare)
          say(`round ${number}: ${own.toFixed(1)} ms, bare ${bare.toFixed(1)} ms`)
        }
        return [timed('CPU, as a multiple of the bare one', median(multiples), '', 1.5)]
      },
    )
  },
}

/** One request that waits for its picture, so that asking costs nothing beside it. */
async function makePicture({ url, key }: Gateway): Promise<void> {
  const response = await fetch(`${url}/v1/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      prefer: 'wait=60',
    },
    body: JSON.stringify({ prompt: 'A lighthouse', provider: CALLBACK_PROVIDER }),
  })
  if (response.status !== 200) throw new Error(`A picture was not made: ${await response.text()}`)
  await response.body?.cancel()
}
