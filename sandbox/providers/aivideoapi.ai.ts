/** aivideoapi.ai, played from its page "GPT Image 2". */
import * as z from 'zod'
import { type PlayedProvider, REASONS } from '../provider.ts'

/** Its size table, one line a ratio: `ratio: 1k sizes | 2k | 4k`. */
const TABLE = `
1:1: 1024x1024 1254x1254 | 2048x2048 | 2880x2880
3:2: 1536x1024 | 2048x1360 | 3520x2336
2:3: 1024x1536 | 1360x2048 | 2336x3520
4:3: 1024x768 | 2048x1536 | 3312x2480
3:4: 768x1024 | 1536x2048 | 2480x3312
5:4: 1280x1024 1448x1086 | 2560x2048 | 3216x2576
4:5: 1024x1280 1122x1402 | 2048x2560 | 2576x3216
16:9: 1536x864 1672x941 | 2048x1152 | 3840x2160
9:16: 864x1536 941x1672 | 1152x2048 | 2160x3840
2:1: 2048x1024 1774x887 | 2688x1344 | 3840x1920
1:2: 1024x2048 887x1774 | 1344x2688 | 1920x3840
3:1: 1881x836 1536x512 | 3072x1024 | 3840x1280
1:3: 887x1774 512x1536 | 1024x3072 | 1280x3840
21:9: 2016x864 1915x821 | 2688x1152 | 3840x1648
9:21: 864x2016 821x1915 | 1152x2688 | 1648x3840`

const TIERS = ['1k', '2k', '4k'] as const
const PRICES = { '1k': 4.7, '2k': 9.4, '4k': 14.1 }

const rows = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [, ratio = '', sizes = ''] = /^(\d+:\d+): (.+)$/.exec(line) ?? []
    return { ratio, tiers: sizes.split(' | ').map((tier) => tier.split(' ')) }
  })
const allSizes = rows.flatMap((row) => row.tiers.flat())
const shapes = ['auto', ...rows.map((row) => row.ratio), ...allSizes]

const bodySchema = z.strictObject({
  model: z.literal('gpt-image-2'),
  callback_url: z.url().optional(),
  input: z
    .strictObject({
      prompt: z.string().max(20_000).optional(),
      image_urls: z.array(z.url()).max(16).optional(),
      aspect_ratio: z.enum(shapes).default('auto'),
      resolution: z.enum(TIERS).default('1k'),
      nsfw_checker: z.boolean().default(true),
    })
    .refine(
      (input) => input.prompt || input.image_urls?.length,
      'prompt or image_urls is required',
    ),
})

/** Its error table. */
const ERRORS: Record<string, [code: string, type: string, message: string]> = {
  '400': ['invalid_request', 'invalid_request_error', 'Missing or invalid parameters.'],
  unauthorized: [
    'invalid_api_key',
    'authentication_error',
    'API key is invalid, disabled, or deleted.',
  ],
  '401': ['invalid_api_key', 'authentication_error', 'API key is invalid, disabled, or deleted.'],
  no_credits: ['insufficient_credits', 'billing_error', 'Your credit balance is too low.'],
  '402': ['insufficient_credits', 'billing_error', 'Your credit balance is too low.'],
  '403': ['ip_not_allowed', 'permission_error', "Request IP not in the key's allowlist."],
  '404': ['model_not_found', 'invalid_request_error', 'Model does not exist or is inactive.'],
  no_job: ['task_not_found', 'invalid_request_error', 'Task ID does not exist.'],
  '408': ['request_timeout', 'api_error', 'The request took too long.'],
  '429': ['rate_limit_exceeded', 'rate_limit_error', 'Too many requests, please slow down.'],
  '500': ['internal_error', 'api_error', 'Unexpected server error.'],
  '503': ['upstream_error', 'upstream_error', 'Upstream AI provider returned an error.'],
  moderated: ['upstream_error', 'upstream_error', 'The input contains prohibited content.'],
}

export const aivideoapi: PlayedProvider = {
  id: 'aivideoapi.ai',
  host: 'api.aivideoapi.ai',
  submitPaths: ['/v1/images/generations'],
  jobIdIn: (path) => /^\/v1\/tasks\/([^/]+)$/.exec(path)?.[1] ?? null,
  newJobId: () => crypto.randomUUID(),
  picturesPath: 'output.urls.*',
  callsBack: true,

  read(body) {
    const result = bodySchema.safeParse(body)
    if (!result.success)
      return errorResponse(
        400,
        'invalid_request',
        'invalid_request_error',
        z.prettifyError(result.error),
      )
    const { input, callback_url } = result.data
    const shape = input.aspect_ratio === 'auto' ? '1:1' : input.aspect_ratio
    const row = rows.find(
      (candidate) => candidate.ratio === shape || candidate.tiers.flat().includes(shape),
    )
    const explicit = row?.tiers.findIndex((sizes) => sizes.includes(shape)) ?? -1
    const tier = explicit >= 0 ? explicit : TIERS.indexOf(input.resolution)
    const pixels = explicit >= 0 ? shape : (row?.tiers[tier]?.[0] ?? '1024x1024')
    const [width = 0, height = 0] = pixels.split('x').map(Number)
    return {
      prompt: input.prompt ?? '',
      count: 1,
      size: { width, height },
      credits: PRICES[TIERS[tier] ?? '1k'],
      ...(callback_url ? { callbackUrl: callback_url } : {}),
    }
  },

  accepted: ({ job }) => Response.json({ code: 200, msg: 'success', data: { taskId: job.id } }),

  show({ job, state, urls, strange }) {
    const created_at = Math.floor(job.createdAt / 1000)
    const task = { id: job.id, model: 'gpt-image-2', created_at }
    if (strange) return Response.json({ ...task, status: 'queued_for_review' })
    if (state === 'running') return Response.json({ ...task, status: 'processing' })
    const completed_at = Math.floor(job.doneAt / 1000)
    if (state === 'done') {
      const metadata = { model: 'gpt-image-2-text-to-image', costTime: completed_at - created_at }
      return Response.json({
        ...task,
        status: 'completed',
        completed_at,
        output: { urls, metadata },
      })
    }
    const message = REASONS[job.faults.finish ?? 'fail']
    return Response.json({ ...task, status: 'failed', error: { code: 'upstream_error', message } })
  },

  balance: { path: '/v1/credits', show: (credits) => Response.json({ credits }) },

  refuse(status, reason) {
    const [code, type, message] = ERRORS[reason] ?? ['internal_error', 'api_error', 'Unexpected.']
    return errorResponse(reason === 'moderated' ? 503 : status, code, type, message)
  },
}

function errorResponse(status: number, code: string, type: string, message: string): Response {
  return Response.json({ error: { code, message, type } }, { status })
}
