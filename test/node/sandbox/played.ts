/** Plays one job through the sandbox as a client of a provider would, with a clock that jumps. */
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts'

interface Spoken {
  submitUrl: string
  body: (prompt: string) => object
  /** Where the job that a submission was answered with is looked up. */
  taskUrl: ((submission: string) => string) | null
}

const idIn = (text: string, name: string) =>
  new RegExp(`"${name}":"?([^",}]+)`).exec(text)?.[1] ?? 'none'

export const SPOKEN = {
  'aivideoapi.ai': {
    submitUrl: 'https://api.aivideoapi.ai/v1/images/generations',
    body: (prompt) => ({ model: 'gpt-image-2', input: { prompt } }),
    taskUrl: (text) => `https://api.aivideoapi.ai/v1/tasks/${idIn(text, 'taskId')}`,
  },
  'gptimage2api.org': {
    submitUrl: 'https://gptimage2api.org/api/ai/image/generate',
    body: (prompt) => ({ model: 'gpt-image-2', prompt }),
    taskUrl: (text) => `https://gptimage2api.org/api/ai/tasks/${idIn(text, 'taskId')}`,
  },
  'gptimage2.ai': {
    submitUrl: 'https://gptimage2.ai/api/generate',
    body: (prompt) => ({ prompt }),
    taskUrl: (text) => `https://gptimage2.ai/api/generate/${idIn(text, 'jobId')}`,
  },
  'nanobananaapi.dev': {
    submitUrl: 'https://api.nanobananaapi.dev/v1/images/generate',
    body: (prompt) => ({ model: 'gpt-image-2', prompt }),
    taskUrl: null,
  },
} as const satisfies Record<string, Spoken>

export type Played = keyof typeof SPOKEN
export const PLAYED = Object.keys(SPOKEN) as Played[]

const HEADERS = { authorization: 'Bearer sk-sandbox', 'content-type': 'application/json' }

/** A sandbox in this process whose clock only moves when somebody waits. */
export function jumpingSandbox(options: Partial<SandboxOptions> = {}) {
  let now = 1_800_000_000_000
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  const sandbox = createSandbox({
    clock: { now: () => now, sleep: async (milliseconds) => pass(milliseconds) },
    seconds: () => 5,
    callBack: async () => 200,
    ...options,
  })
  return { sandbox, pass }
}

export function submit(sandbox: Sandbox, provider: Played, body: object): Promise<Response> {
  const { submitUrl } = SPOKEN[provider]
  const init = { method: 'POST', headers: HEADERS, body: JSON.stringify(body) }
  return sandbox.fetch(new Request(submitUrl, init))
}

export function get(sandbox: Sandbox, url: string): Promise<Response> {
  return sandbox.fetch(new Request(url, { headers: HEADERS }))
}

/**
 * The answers to one job: when it is submitted, while it runs, when it is done. A synchronous
 * provider has only the last.
 */
export async function play(provider: Played, prompt: string, wishes: object = {}) {
  const { sandbox, pass } = jumpingSandbox()
  const { body, taskUrl } = SPOKEN[provider]
  const submission = await submit(sandbox, provider, { ...body(prompt), ...wishes })
  if (taskUrl === null) return { sandbox, submission, pending: null, done: submission }
  const url = taskUrl(await submission.clone().text())
  const pending = await get(sandbox, url)
  pass(5_000)
  return { sandbox, submission, pending, done: await get(sandbox, url) }
}

/** What was paid for. */
export async function jobsOf(sandbox: Sandbox): Promise<Array<{ id: string }>> {
  return (await get(sandbox, 'https://sandbox.example.com/_sandbox/jobs')).json() as Promise<
    Array<{ id: string }>
  >
}
