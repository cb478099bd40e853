/**
 * CPU of a whole task with a usual picture beside a bare Worker that pipes it into the bucket; and
 * what of both grows with the picture, from the same with a tiny one.
 */
import { type Gateway, withGateway } from '../gateway.ts'
import { spread } from '../in-flight.ts'
import { noisePicture } from '../picture.ts'
import { cpuMs } from '../process.ts'
import { type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'
import { CALLBACK_PROVIDER, type ProviderName, SYNCHRONOUS_PROVIDER } from '../task-costs.ts'

const PICTURE_BYTES = 2.25 * 1024 * 1024
const TINY_BYTES = 1024
const ROUNDS = 9
const PICTURES = 24
const AT_ONCE = 4
/** Until the runtime has compiled what it will. */
const WARMING_UP = 96
const GOAL = 1.5

/** Milliseconds, each. */
interface Cpu {
  bare: number
  callback: number
  synchronous: number
}

export const pictureCpu: Row = {
  name: 'picture-cpu',
  title: 'CPU of a task with a picture of 2.25 MB, beside a bare Worker that pipes it into R2',
  kind: 'time',
  measure: async ({ say }) => {
    const large = await measureSize(PICTURE_BYTES, say)
    const tiny = await measureSize(TINY_BYTES, say)
    const multiple = (name: keyof Cpu) => median(large.map((round) => round[name] / round.bare))
    const middle = (rounds: Cpu[], name: keyof Cpu) => median(rounds.map((round) => round[name]))
    const growth = (name: keyof Cpu) => middle(large, name) - middle(tiny, name)
    const share = growth('callback') / growth('bare')
    return [
      timed('synchronous, as a multiple', multiple('synchronous'), '', GOAL),
      timed('callback, as a multiple', multiple('callback'), '', GOAL),
      timed('what grows with the picture, as a multiple', share, '', null),
    ]
  },
}

/** @returns each round */
function measureSize(bytes: number, say: (progress: string) => void): Promise<Cpu[]> {
  const upstream = { picture: noisePicture(bytes), seconds: 0 }
  return withGateway(
    { entry: 'bench/workers/piping.ts', upstream },
    async (gateway, { origin, jobs }) => {
      const cpuOf = async (work: () => Promise<unknown>, times = PICTURES): Promise<number> => {
        const before = cpuMs(gateway.processId)
        await spread(times, AT_ONCE, work)
        return (cpuMs(gateway.processId) - before) / times
      }
      const callback = () => makePicture(gateway, CALLBACK_PROVIDER)
      const synchronous = () => makePicture(gateway, SYNCHRONOUS_PROVIDER)
      await callback()
      const [job] = await jobs()
      const address = encodeURIComponent(`${origin}/${CALLBACK_PROVIDER}/files/${job?.id}/0.png`)
      const pipe = async () => {
        const response = await fetch(`${gateway.url}/_bench/pipe?url=${address}`)
        if (response.status !== 204) throw new Error(`The pipe answered ${await response.text()}`)
      }
      for (const work of [pipe, callback, synchronous]) await cpuOf(work, WARMING_UP)
      const rounds: Cpu[] = []
      for (let number = 1; number <= ROUNDS; number++) {
        const round = {
          bare: await cpuOf(pipe),
          callback: await cpuOf(callback),
          synchronous: await cpuOf(synchronous),
        }
        rounds.push(round)
        say(`${bytes} bytes, round ${number}: ${describe(round)}`)
      }
      return rounds
    },
  )
}

function describe(cpu: Cpu): string {
  return Object.entries(cpu)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(1)} ms`)
    .join(', ')
}

/** One request that waits for its picture. */
async function makePicture({ url, key }: Gateway, provider: ProviderName): Promise<void> {
  const response = await fetch(`${url}/v1/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      prefer: 'wait=60',
    },
    body: JSON.stringify({ prompt: 'A lighthouse', provider }),
  })
  if (response.status !== 200) throw new Error(`A picture was not made: ${await response.text()}`)
  await response.body?.cancel()
}
