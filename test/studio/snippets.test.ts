/** The code that makes a picture again does what it says. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { AcceptedRequest, Task } from '../../client/index.ts'
import { snippetOf } from '../../studio/code/snippets.ts'
import { draftOf, requestOf } from '../../studio/make/draft.ts'

const ORIGIN = 'https://gateway.example.com'

const taskOf = (request: AcceptedRequest): Task => ({
  id: 'task_1',
  object: 'task',
  status: 'queued',
  model: 'gpt-image-2',
  provider: null,
  created_at: '2026-11-25T00:00:00Z',
  completed_at: null,
  outputs: [],
  cost: { credits: null, usd: null, charged: 'no' },
  attempts: [],
  error: null,
  metadata: {},
  request,
})

const NASTY = `It's a "sign" that says $HOME \`date\` \\ and\nmore`

it('survives a shell, whatever is in the prompt', async () => {
  const code = snippetOf('curl', taskOf({ model: 'gpt-image-2', n: 2, prompt: NASTY }), ORIGIN)
  // The last argument is the body.
  const script = `curl() { printf '%s' "\${@: -1}"; }\n${code}`
  const { stdout } = await promisify(execFile)('bash', ['-c', script])
  expect(JSON.parse(stdout)).toEqual({ prompt: NASTY, n: 2 })
})

it.each(['TypeScript', 'OpenAI SDK'] as const)('is %s with the prompt as it was', (language) => {
  const code = snippetOf(language, taskOf({ model: 'gpt-image-2', n: 1, prompt: NASTY }), ORIGIN)
  const literal = /prompt: ((['"])(?:\\.|(?!\2).)*\2)/.exec(code)?.[1] ?? ''
  expect(new Function(`return ${literal}`)()).toBe(NASTY)
})

it('gives the OpenAI SDK pixels where the request has a ratio', () => {
  const request: AcceptedRequest = { model: 'gpt-image-2', n: 1, prompt: 'A', aspect_ratio: '3:2' }
  const output = { index: 0, width: 1536, height: 1024 } as Task['outputs'][number]
  const code = snippetOf('OpenAI SDK', { ...taskOf(request), outputs: [output] }, ORIGIN)
  expect(code).toContain("size: '1536x1024'")
})

it.each<AcceptedRequest>([
  { model: 'gpt-image-2', n: 1, prompt: 'A cat' },
  {
    model: 'nano-banana-pro',
    n: 4,
    prompt: 'A cat',
    size: '1536x1024',
    quality: 'high',
    max_usd: 0.5,
  },
  {
    model: 'gpt-image-2',
    n: 1,
    aspect_ratio: '7:5',
    resolution: '4k',
    image_urls: ['https://a.example/1.png'],
  },
  {
    model: 'gpt-image-2',
    n: 1,
    prompt: 'A',
    route: 'cheapest',
    seed: '7',
    negative_prompt: 'dogs',
    provider: 'gptimage2.ai',
  },
])('comes out of the form as it went in: %j', (request) => {
  const { n, ...rest } = request
  expect(requestOf(draftOf(request))).toEqual({ ...rest, ...(n === 1 ? {} : { n }) })
})
