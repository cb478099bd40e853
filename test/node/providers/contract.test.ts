/**
 * What every provider must do, run against the sandbox in this process.
 *
 * A provider's own file adds its table of request → native request, and its documented answers.
 */
import { describe, expect, it } from 'vitest'
import { DroppedConnection } from '../../../sandbox/sandbox.ts'
import type { LookupOutcome, SubmissionOutcome } from '../../../src/core/event'
import { PROVIDER_IDS } from '../../../src/core/request'
import { PROVIDERS } from '../../../src/providers'
import type { AttemptAccount as Account } from '../../../src/providers/provider'
import {
  accountAnswering,
  CREDIT_USD,
  creditsFor,
  playedWorld,
  readAnswer,
  request,
} from './played.ts'

describe.each(PROVIDER_IDS)('%s', (id) => {
  const provider = PROVIDERS[id]
  const submit = (account: Account, prompt = 'A cat'): Promise<SubmissionOutcome> =>
    provider.submit(request({ prompt }), account, undefined)
  const isSynchronous = provider.finishesBy === 'response'

  async function finish(prompt: string): Promise<SubmissionOutcome | LookupOutcome> {
    const world = playedWorld(provider)
    const submission = await submit(world.account, prompt)
    if (submission.type !== 'accepted') return submission
    world.pass(5)
    return look(submission.reference, world.account)
  }

  async function look(reference: string, account: Account): Promise<LookupOutcome> {
    if (!provider.poll) throw new Error('This provider is not asked.')
    return provider.poll.ask(reference, account)
  }

  it('makes a picture for the price it said', async () => {
    const world = playedWorld(provider)
    const submission = await submit(world.account)
    if (submission.type === 'accepted') {
      expect(await look(submission.reference, world.account)).toEqual({
        type: 'pending',
        note: null,
      })
      world.pass(5)
      expect(await look(submission.reference, world.account)).toMatchObject({ type: 'finished' })
    } else {
      expect(submission).toMatchObject({
        type: 'finished',
        urls: [expect.stringMatching(/^https:/)],
      })
    }
    const [job] = await world.jobs()
    expect(job?.credits).toBe(creditsFor(provider, {}))
  })

  it('sends its key to the base URL and nowhere else', async () => {
    const seen: string[] = []
    const account: Account = {
      apiKey: 'sk-secret',
      creditUsd: CREDIT_USD,
      baseUrl: 'https://provider.example.com/base',
      readAnswer,
      fetch: async (input, init) => {
        seen.push(String(input))
        expect(new Headers(init?.headers).get('authorization')).toBe('Bearer sk-secret')
        expect(init?.redirect).toBe('manual')
        return new Response('{}')
      },
    }
    await submit(account)
    await provider.poll?.ask('../evil?x', account)
    for (const url of seen) expect(new URL(url).pathname).toMatch(/^\/base\//)
  })

  it.each([
    ['400', 'request'],
    ['401', 'provider'],
    ['402', 'provider'],
    ['403', 'provider'],
    ['404', 'request'],
  ])('takes a documented %s as a refusal, free of charge', async (status, cause) => {
    const submission = await finish(`A cat [[submit=${status}]]`)
    expect(submission).toMatchObject({ type: 'refused', cause })
  })

  it.each([
    [402, { code: 402, msg: 'insufficient credits', data: null }],
    [400, { error: { code: 400, message: 'no such size' } }],
  ])('takes a %d that its body says too as a refusal', async (status, body) => {
    const submission = await submit(accountAnswering(status, body))
    expect(submission).toMatchObject({ type: 'refused' })
  })

  it('is refused with a key that the provider does not know', async () => {
    const { account } = playedWorld(provider)
    const submission = await submit({ ...account, apiKey: 'wrong' })
    expect(submission).toMatchObject({ type: 'refused', cause: 'provider' })
  })

  it('knows a refusal of the content', async () => {
    expect(await finish('A cat [[submit=moderated]]')).toMatchObject({
      type: 'refused',
      cause: 'content',
    })
  })

  it('reads how long a rate limit lasts', async () => {
    const limited = { type: 'rate_limited', retryAfterMs: 7_000 }
    expect(await finish('A cat [[submit=429 retryAfter=7]]')).toMatchObject(limited)
    const noTime = { type: 'rate_limited', retryAfterMs: 2_000 }
    expect(await finish('A cat [[submit=429]]')).toMatchObject(noTime)
    const date = new Date(Date.now() + 60_000).toUTCString()
    const dated = await submit(accountAnswering(429, {}, { 'retry-after': date }))
    expect(dated.type === 'rate_limited' && dated.retryAfterMs).toBeGreaterThan(50_000)
  })

  it.each<[string, Account]>([
    ['500', accountAnswering(500, { error: { code: 'internal_error', message: 'x' } })],
    ['502 in HTML', accountAnswering(502, '<html>')],
    ['504', accountAnswering(504, '')],
    ['408', accountAnswering(408, { error: { code: 'timeout', message: 'x' } })],
    ['408 that its body says too', accountAnswering(408, { code: 408, msg: 'timeout' })],
    ['500 whose body says 402', accountAnswering(500, { code: 402, msg: 'x', data: null })],
    ['a redirect', accountAnswering(302, '', { location: 'https://elsewhere.example.com/' })],
    ['200 in HTML', accountAnswering(200, '<html>')],
    ['200 without what was promised', accountAnswering(200, { code: 200, data: {} })],
    ['an empty 200', accountAnswering(200, '')],
    ['a truncated 200', accountAnswering(200, '{"taskId": "x", "jobId": "x", "data"')],
    ['more than a megabyte', accountAnswering(200, ' '.repeat(2 ** 20 + 1))],
  ])('takes %s as an unknown outcome', async (_, account) => {
    expect(await submit(account)).toMatchObject({ type: 'lost' })
  })

  it.runIf(!isSynchronous)('remembers a job that an unclear answer names', async () => {
    const body = { taskId: 'job_1', jobId: 'job_1', data: { taskId: 'job_1' }, error: 'x' }
    expect(await submit(accountAnswering(500, body))).toMatchObject({
      type: 'lost',
      claim: 'job_1',
    })
    const nameless = { ...body, taskId: '..', jobId: '..', data: { taskId: '..' } }
    for (const status of [200, 500]) {
      expect(await submit(accountAnswering(status, nameless))).toMatchObject({
        type: 'lost',
        claim: null,
      })
    }
  })

  it('takes a dropped connection and a time-out as an unknown outcome', async () => {
    const dropped = async () => {
      throw new DroppedConnection()
    }
    const timedOut = async () => {
      throw new DOMException('timed out', 'TimeoutError')
    }
    const { account } = playedWorld(provider)
    expect(await submit({ ...account, fetch: dropped })).toMatchObject({ type: 'lost' })
    const outcome = await submit({ ...account, fetch: timedOut })
    expect(outcome).toMatchObject({
      type: 'lost',
      failure: { message: expect.stringContaining('no answer') },
    })
  })

  it('repeats no secret and no novel', async () => {
    const callback = 'https://gateway.example.com/callbacks/aivideoapi.ai/att_1/token'
    const text = `bad key sk-secret for ${callback} ${'x'.repeat(2_000)}`
    // The provider's own shape is one of these; of the other it says something else, or nothing.
    const messages: string[] = []
    for (const error of [text, { code: 'c', message: text }]) {
      const spelledOtherwise = JSON.stringify({ error }).replace('sk-secret', 'sk\\u002dsecret')
      const outcome = await submit(accountAnswering(401, spelledOtherwise))
      if (outcome.type === 'refused' || outcome.type === 'lost')
        messages.push(outcome.failure.message)
    }
    expect(messages.join()).toContain('bad key [key] for https://gateway.example.com/callbacks/… x')
    expect(messages.join()).not.toContain('sk-secret')
    for (const message of messages) expect(message.length).toBeLessThanOrEqual(500)
  })

  it.runIf(!isSynchronous)('knows a job that failed and was refunded', async () => {
    const failed = { type: 'failed', charged: 'no', cause: 'provider' }
    expect(await finish('A cat [[finish=fail]]')).toMatchObject(failed)
    const refused = { type: 'failed', charged: 'no', cause: 'content' }
    expect(await finish('A cat [[finish=moderated]]')).toMatchObject(refused)
  })

  it.runIf(!isSynchronous)('takes a status that nobody documented as pending', async () => {
    const strange = { type: 'pending', note: expect.stringContaining('unknown status') }
    expect(await finish('A cat [[poll=strange]]')).toMatchObject(strange)
    const novel = accountAnswering(200, { status: 'a cat <sits> '.repeat(99) })
    const observation = await provider.poll?.ask('job', novel)
    const note = observation?.type === 'pending' ? observation.note : ''
    if (provider.id !== 'gptimage2api.org') expect(note).toMatch(/^unknown status "\w{32}"$/)
  })

  it.runIf(!isSynchronous)('takes no error of a look-up as news of the job', async () => {
    const elsewhere = [{ message: 'no Route matched' }, [], '<html>']
    for (const body of elsewhere)
      expect(await look('job', accountAnswering(404, body))).toMatchObject({
        type: 'unanswered',
      })
    const limited = accountAnswering(429, {}, { 'retry-after': '9' })
    expect(await look('job', limited)).toMatchObject({ retryAfterMs: 9_000 })
    for (const fault of ['500', '429', 'garbage'])
      expect(await finish(`A cat [[poll=${fault}]]`)).toMatchObject({ type: 'unanswered' })
    expect(await finish('A cat [[poll=404]]')).toEqual({ type: 'missed' })
    const empty = { type: 'finished', urls: [] }
    expect(await finish('A cat [[finish=empty]]')).toMatchObject(empty)
  })
})
