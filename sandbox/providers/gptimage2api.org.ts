/** gptimage2api.org, played from its pages "Generate image" and "Quickstart". */
import * as z from 'zod'
import type { Size } from '../jobs.ts'
import { type PlayedProvider, REASONS } from '../provider.ts'

const MODELS: Record<
  string,
  { refs: number; prompt: number; credits: (longEdge: number) => number }
> = {
  'gpt-image-2': { refs: 4, prompt: 20_000, credits: () => 3 },
  'nano-banana-2': {
    refs: 14,
    prompt: 20_000,
    credits: (edge) => (edge <= 1536 ? 4 : edge <= 2048 ? 6 : 8),
  },
  'nano-banana-pro': { refs: 8, prompt: 10_000, credits: (edge) => (edge <= 2048 ? 12 : 20) },
  'google/nano-banana': { refs: 10, prompt: 5_000, credits: () => 3 },
}
const RATIOS = ['auto', '1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '4:5', '5:4', '21:9']
const LONG_EDGE = 1024

const bodySchema = z
  .strictObject({
    prompt: z.string().min(1).max(20_000),
    model: z.enum(Object.keys(MODELS)),
    negativePrompt: z.string().max(2_000).optional(),
    width: z.int().min(64).max(4096).optional(),
    height: z.int().min(64).max(4096).optional(),
    aspectRatio: z.enum(RATIOS).optional(),
    numOutputs: z.int().min(1).max(10).default(1),
    seed: z.string().optional(),
    guidanceScale: z.number().min(0).max(100).optional(),
    numInferenceSteps: z.int().min(1).max(150).optional(),
    inputImageUrls: z.array(z.url()).max(14).optional(),
    providerInput: z.unknown().optional(),
  })
  .refine((body) => body.prompt.length <= (MODELS[body.model]?.prompt ?? 0), 'prompt is too long')
  .refine(
    (body) => (body.inputImageUrls?.length ?? 0) <= (MODELS[body.model]?.refs ?? 0),
    'too many inputImageUrls',
  )

export const gptimage2api: PlayedProvider = {
  id: 'gptimage2api.org',
  host: 'gptimage2api.org',
  submitPaths: ['/api/ai/image/generate'],
  jobIdIn: (path) => /^\/api\/ai\/tasks\/([^/]+)$/.exec(path)?.[1] ?? null,
  newJobId: () => `tsk_${crypto.randomUUID().replaceAll('-', '').slice(0, 26).toUpperCase()}`,
  picturesPath: 'outputImageUrls.*',

  read(body) {
    const result = bodySchema.safeParse(body)
    if (!result.success) {
      return Response.json(
        { error: 'Invalid request', details: z.treeifyError(result.error) },
        { status: 400 },
      )
    }
    const { prompt, numOutputs, model, seed } = result.data
    const size = sizeOf(result.data)
    const perImage = MODELS[model]?.credits(Math.max(size.width, size.height)) ?? 3
    const isFlat = model === 'gpt-image-2' || model === 'google/nano-banana'
    const credits = isFlat ? perImage : perImage * numOutputs
    return { prompt, count: numOutputs, size, credits, ...(seed === undefined ? {} : { seed }) }
  },

  accepted: ({ job }) => Response.json({ taskId: job.id, status: 0, creditsUsed: job.credits }),

  show({ job, state, urls, strange }) {
    const createdAt = new Date(job.createdAt).toISOString()
    const completedAt = state === 'running' ? null : new Date(job.doneAt).toISOString()
    const task = {
      id: job.id,
      type: 'image',
      createdAt,
      completedAt,
      creditsUsed: job.credits,
      creditRefunded: job.refunded,
    }
    if (strange) return Response.json({ ...task, status: 7 })
    if (state === 'running') return Response.json({ ...task, status: 0 })
    if (state === 'done') return Response.json({ ...task, status: 1, outputImageUrls: urls })
    const errorMessage = REASONS[job.faults.finish ?? 'fail']
    return Response.json({ ...task, status: 2, errorCode: 'UPSTREAM_FAILED', errorMessage })
  },

  refuse(status, reason) {
    if (reason === 'no_credits' || reason === '402') {
      return Response.json({ error: 'Insufficient credits', required: 3 }, { status: 402 })
    }
    if (reason === 'moderated') {
      return Response.json({ error: 'Prompt rejected: sensitive content' }, { status: 400 })
    }
    const error = { 400: 'Invalid request', 401: 'Unauthorized', 404: 'Task not found' }[status]
    return Response.json({ error: error ?? `Error ${status}` }, { status })
  },
}

function sizeOf(body: z.infer<typeof bodySchema>): Size {
  if (body.width && body.height) return { width: body.width, height: body.height }
  const [w = 1, h = 1] = (body.aspectRatio ?? 'auto').split(':').map(Number)
  if (Number.isNaN(w) || Number.isNaN(h)) return { width: LONG_EDGE, height: LONG_EDGE }
  return w >= h
    ? { width: LONG_EDGE, height: Math.round((LONG_EDGE * h) / w) }
    : { width: Math.round((LONG_EDGE * w) / h), height: LONG_EDGE }
}
