/** What the process holds more when a large picture is uploaded as a form and not as raw bytes. */
import { withGateway } from '../gateway.ts'
import { noisePicture } from '../picture.ts'
import { forgetPeak, peakBytes, residentBytes } from '../process.ts'
import { type Row, timed } from '../row.ts'
import { median } from '../statistics.ts'

const MIB = 1024 * 1024
const PICTURE_BYTES = 49 * MIB
/** One alone is off by up to two MiB, depending on when the runtime collects its garbage. */
const ROUNDS = 7
const GOAL_MIB = 8

export const formMemory: Row = {
  name: 'form-memory',
  title: 'memory of 49 MiB uploaded as a form, beyond the same bytes sent raw',
  kind: 'time',
  measure: async ({ say }) => {
    const picture = new Blob([new Uint8Array(noisePicture(PICTURE_BYTES))], { type: 'image/png' })
    const form = new FormData()
    form.append('file', picture, 'picture.png')
    const raws: number[] = []
    const forms: number[] = []
    for (let number = 1; number <= ROUNDS; number++) {
      raws.push(await peakOf(picture))
      forms.push(await peakOf(form))
      say(`round ${number}: ${forms.at(-1)?.toFixed(0)} MiB, raw ${raws.at(-1)?.toFixed(0)} MiB`)
    }
    const more = median(forms) - median(raws)
    return [timed('more memory at its peak', more, 'MiB', GOAL_MIB)]
  },
}

/** Of a process that has done nothing else. */
function peakOf(body: Blob | FormData): Promise<number> {
  return withGateway({ entry: 'src/index.ts' }, async ({ url, key, processId }) => {
    await fetch(`${url}/healthz`)
    const before = residentBytes(processId)
    forgetPeak(processId)
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(`${url}/v1/uploads`, { method: 'POST', headers, body })
    if (response.status !== 201) throw new Error(`The upload answered ${await response.text()}`)
    return (peakBytes(processId) - before) / MIB
  })
}
