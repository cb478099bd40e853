/** The ways of pictures into the bucket, each at a path of its own, beside bare ones that do the least. */
import { answerBytesMax, openAnswerPicture, readAnswer } from '../../src/outputs/answer'
import { storePicture } from '../../src/outputs/bucket'
import { readerOf } from '../../src/outputs/byte-reader'
import { readForm } from '../../src/outputs/form'
import { type IncomingPicture, openPicture } from '../../src/outputs/head'

interface Env {
  OUTPUTS: R2Bucket
  /** Where pictures and answers come from. */
  UPSTREAM: string
}

const BYTES_MAX = 52_428_800
const FORM_CAPS = { bytesMax: BYTES_MAX, textBytesMax: 1024, partsMax: 2 }

export default {
  async fetch(request, { OUTPUTS, UPSTREAM }) {
    const { pathname, search } = new URL(request.url)
    const fromUpstream = async () => {
      const response = await fetch(UPSTREAM + search)
      if (!response.body) throw new Error('The upstream sent nothing.')
      const length = response.headers.get('content-length')
      return { body: response.body, length: length === null ? null : Number(length) }
    }
    const store = async (picture: IncomingPicture) => {
      const key = `outputs/${crypto.randomUUID()}`
      const stored = await storePicture(OUTPUTS, key, picture, { bytesMax: BYTES_MAX })
      if (!stored.ok) throw new Error(stored.refusal.kind)
      await OUTPUTS.delete(key)
    }
    const storeFrom = async (body: ReadableStream<Uint8Array>, length: number | null) => {
      const picture = await openPicture(readerOf(body), { length, mustEndWell: true })
      if (!picture.ok) throw new Error(picture.refusal.kind)
      await store(picture.value)
    }
    switch (pathname) {
      case '/idle':
        break
      case '/pipe': {
        const { body } = await fromUpstream()
        const key = `outputs/${crypto.randomUUID()}`
        await OUTPUTS.put(key, body)
        await OUTPUTS.delete(key)
        break
      }
      case '/store': {
        const { body, length } = await fromUpstream()
        await storeFrom(body, length)
        break
      }
      case '/upload': {
        if (request.body)
          await storeFrom(request.body, Number(request.headers.get('content-length')))
        break
      }
      case '/form': {
        const type = request.headers.get('content-type') ?? ''
        if (!request.body) break
        for await (const part of readForm(request.body, type, FORM_CAPS)) {
          if (!part.ok) throw new Error(part.refusal.kind)
          if (part.value.kind !== 'file') continue
          const picture = await openPicture(part.value.body, { length: null, mustEndWell: true })
          if (!picture.ok) throw new Error(picture.refusal.kind)
          await store(picture.value)
        }
        break
      }
      case '/answer': {
        const key = `answers/${crypto.randomUUID()}`
        const answer = await fromUpstream()
        const read = await readAnswer(OUTPUTS, key, {
          ...answer,
          bytesMax: answerBytesMax(BYTES_MAX, 1),
        })
        if (!read.ok) throw new Error(read.refusal.kind)
        const picture = await openAnswerPicture(OUTPUTS, key, 0)
        if (!picture.ok) throw new Error(picture.refusal.kind)
        await store(picture.value)
        await OUTPUTS.delete(key)
        break
      }
    }
    return new Response(null, { status: 204 })
  },
} satisfies ExportedHandler<Env>
