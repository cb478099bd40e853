/** nanobananaapi.dev, played from its page "GPT Image 2". The answer is the picture's address. */
import * as z from 'zod'
import type { Size } from '../jobs.ts'
import type { PlayedProvider } from '../provider.ts'

const PRICES = [
  { longEdge: 1536, low: 1, medium: 4, high: 14 },
  { longEdge: 2048, low: 2, medium: 17, high: 67 },
  { longEdge: 3840, low: 4, medium: 34, high: 133 },
]
const GEMINI = ['gemini-3-pro-image-preview', 'gemini-3.1-flash-image-preview']
const EDIT_PATHS = ['/v1/images/edit', '/api/v1/images/edits']

const publicUrl = z.url({ protocol: /^https?$/ })
const bodySchema = z.strictObject({
  model: z.enum(['gpt-image-2', ...GEMINI]),
  prompt: z.string().min(1).max(2_000),
  image: z.union([publicUrl, z.array(publicUrl).min(1).max(14)]).optional(),
  n: z.literal(1).default(1),
  size: z.string().default('auto'),
  quality: z.enum(['low', 'medium', 'high', 'auto']).default('auto'),
})

export const nanobananaapi: PlayedProvider = {
  id: 'nanobananaapi.dev',
  host: 'api.nanobananaapi.dev',
  submitPaths: ['/v1/images/generate', ...EDIT_PATHS],
  jobIdIn: () => null,
  newJobId: () => crypto.randomUUID(),
  picturesPath: 'data.url',
  synchronous: true,

  read(body, path) {
    const result = bodySchema.safeParse(body)
    if (!result.success) return refusal(400, z.prettifyError(result.error))
    const { prompt, image, size: wanted, quality } = result.data
    if (EDIT_PATHS.includes(path) && !image) return refusal(400, 'image is required')
    const size = wanted === 'auto' ? { width: 1024, height: 1024 } : readSize(wanted)
    if (!size) return refusal(400, `size ${wanted} is not supported`)
    const longEdge = Math.max(size.width, size.height)
    const row = PRICES.find((candidate) => longEdge <= candidate.longEdge)
    return { prompt, count: 1, size, credits: row?.[quality === 'auto' ? 'high' : quality] ?? 0 }
  },

  accepted: ({ job, urls, state }) => {
    if (state === 'failed') return refusal(500, 'Generation failed')
    return Response.json({ data: { url: urls[0] }, costCredits: job.credits })
  },
  show: () => refusal(404, 'not found'),
  refuse: (status, reason) =>
    reason === 'moderated'
      ? refusal(400, 'Your request was rejected by the safety system')
      : refusal(status, `Error: ${reason}`),
}

/** The four rules of "Custom Dimensions". */
function readSize(text: string): Size | null {
  const [, w = '', h = ''] = /^(\d+)x(\d+)$/.exec(text) ?? []
  const size = { width: Number(w), height: Number(h) }
  const [short = 0, long = 0] = [size.width, size.height].sort((a, b) => a - b)
  const pixels = short * long
  const isLegal =
    long <= 3840 &&
    short % 16 === 0 &&
    long % 16 === 0 &&
    long <= 3 * short &&
    pixels >= 655_360 &&
    pixels <= 8_294_400
  return isLegal ? size : null
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status })
}
