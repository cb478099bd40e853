/** gptimage2.ai, played from its API page. */
import * as z from 'zod'
import type { Size } from '../jobs.ts'
import { type PlayedProvider, REASONS, type View } from '../provider.ts'

const SIZES: Record<string, Size> = {
  '1:1': { width: 1024, height: 1024 },
  '16:9': { width: 1024, height: 576 },
  '9:16': { width: 576, height: 1024 },
  '4:3': { width: 1024, height: 768 },
  '3:4': { width: 768, height: 1024 },
}
const SQUARE: Size = { width: 1024, height: 1024 }
const CREDITS_PER_IMAGE = 10

const bodySchema = z
  .strictObject({
    prompt: z.string().trim().min(1),
    mode: z.enum(['text-to-image', 'image-to-image']).default('text-to-image'),
    ratio: z.enum(Object.keys(SIZES)).default('1:1'),
    count: z.int().min(1).max(4).default(1),
    imageUrls: z.array(z.url()).min(1).optional(),
    style: z.string().optional(),
    lighting: z.string().optional(),
    camera: z.string().optional(),
    negative: z.string().optional(),
  })
  .refine((body) => body.mode !== 'image-to-image' || body.imageUrls, 'imageUrls is required')

export const gptimage2: PlayedProvider = {
  id: 'gptimage2.ai',
  host: 'gptimage2.ai',
  submitPaths: ['/api/generate'],
  jobIdIn: (path) => /^\/api\/generate\/([^/]+)$/.exec(path)?.[1] ?? null,
  newJobId: () => crypto.randomUUID(),
  picturesPath: 'results.*.imageUrl',

  read(body) {
    const result = bodySchema.safeParse(body)
    if (!result.success) return Response.json({ error: 'invalid_request' }, { status: 400 })
    const { prompt, ratio, count } = result.data
    return { prompt, count, size: SIZES[ratio] ?? SQUARE, credits: CREDITS_PER_IMAGE * count }
  },

  accepted: (view) =>
    Response.json({ jobId: view.job.id, status: 'running', balance: balanceOf(view) }),

  show(view) {
    const { job, state, urls, strange } = view
    const answer = { jobId: job.id, balance: balanceOf(view) }
    if (strange) return Response.json({ ...answer, status: 'paused' }, { status: 202 })
    if (state === 'running') return Response.json({ ...answer, status: 'running' }, { status: 202 })
    if (state === 'failed') {
      const error = REASONS[job.faults.finish ?? 'fail'].toLowerCase().replaceAll(' ', '_')
      return Response.json({ ...answer, status: 'failed', error })
    }
    const results = urls.map((imageUrl, i) => ({
      imageUrl,
      seed: String(i + 1),
      finalPrompt: job.prompt,
    }))
    return Response.json({ ...answer, status: 'succeeded', results })
  },

  refuse(status, reason) {
    const errors: Record<string, string> = {
      unauthorized: 'unauthorized',
      no_credits: 'insufficient_credits',
      no_job: 'job_not_found',
      moderated: 'content_policy_violation',
    }
    return Response.json({ error: errors[reason] ?? `error_${status}` }, { status })
  },
}

function balanceOf({ balance }: View) {
  const totalImages = Math.floor(balance / CREDITS_PER_IMAGE)
  return { paidCredits: balance, freeImagesRemaining: 0, totalImages, freeImagesPerDay: 0 }
}
