/** A provider in tests: played by the sandbox in this process, or answered as a test says. */
import type { Job, SubmissionRecord } from '../../../sandbox/jobs.ts'
import { createSandbox } from '../../../sandbox/sandbox.ts'
import type { ImageRequest, JsonObject } from '../../../src/core/request'
import { AnswerCutter } from '../../../src/outputs/answer-text'
import { offer, withoutAuto } from '../../../src/providers/offer'
import type { AttemptAccount as Account, Provider } from '../../../src/providers/provider'

/** What a credit costs in these tests. */
export const CREDIT_USD = 0.01

export type Wishes = Partial<ImageRequest>

export function request(wishes: Wishes = {}): ImageRequest {
  return { model: 'gpt-image-2', n: 1, prompt: 'A cat', ...wishes }
}

/** The sandbox in this process, with a clock that jumps over every wait. */
export function playedWorld(provider: Provider) {
  let now = 1_800_000_000_000
  const sandbox = createSandbox({
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds
      },
    },
    seconds: () => 5,
    callBack: async () => 200,
  })
  const account: Account = {
    apiKey: 'sk-sandbox',
    creditUsd: CREDIT_USD,
    baseUrl: provider.defaultBaseUrl,
    readAnswer,
    fetch: (input, init) => sandbox.fetch(new Request(input as string, init)),
  }
  const inspect = async <T>(what: string): Promise<T[]> =>
    (
      await sandbox.fetch(new Request(`https://sandbox.example.com/_sandbox/${what}`))
    ).json() as Promise<T[]>
  return {
    account,
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    jobs: () => inspect<Job>('jobs'),
    submissions: () => inspect<SubmissionRecord>('submissions'),
  }
}

/** Answers as a runner reads them, only that the pictures in them are kept nowhere. */
export async function readAnswer(response: Response): Promise<string | null> {
  const cutter = new AnswerCutter()
  cutter.write(await response.bytes())
  const text = cutter.finish()
  return text.ok ? text.value : null
}

/** An account whose every call is answered like this. */
export function accountAnswering(status: number, body: unknown, headers = {}): Account {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    apiKey: 'sk-secret',
    creditUsd: CREDIT_USD,
    baseUrl: 'https://provider.example.com',
    readAnswer,
    fetch: async () => new Response(text, { status, headers }),
  }
}

/** What the provider is sent for these wishes: the path, and the body without the prompt and model. */
export async function native(provider: Provider, wishes: Wishes) {
  const calls: Array<{ path: string; body: JsonObject }> = []
  const account: Account = {
    apiKey: 'sk-secret',
    creditUsd: CREDIT_USD,
    baseUrl: 'https://provider.example.com',
    readAnswer,
    fetch: async (input, init) => {
      const body = JSON.parse(String(init?.body)) as JsonObject
      calls.push({ path: new URL(String(input)).pathname, body })
      return new Response('{}')
    },
  }
  await provider.submit(withoutAuto(request(wishes)), account, undefined)
  return calls[0]
}

export function whyNot(provider: Provider, wishes: Wishes): string | null {
  return offer(provider, request(wishes), null).unsupported
}

export function creditsFor(provider: Provider, wishes: Wishes): number | null {
  return offer(provider, request(wishes), null).price.credits
}
