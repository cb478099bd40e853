/**
 * Odd but complete answers, as the sandbox plays them: each costs no picture at any provider.
 *
 * The documented spellings are in each provider's own test.
 */
import { describe, expect, it } from 'vitest'
import { MANNERS } from '../../../sandbox/vocabulary.ts'
import type { LookupOutcome, SubmissionOutcome } from '../../../src/core/event'
import { PROVIDER_IDS, type ProviderId } from '../../../src/core/request'
import { PROVIDERS } from '../../../src/providers'
import { accountAnswering, playedWorld, request } from './played.ts'

/** Every value of every manner, as a directive; a free number is an HTTP status. */
const ALONE = Object.entries(MANNERS).flatMap(([name, { values }]) =>
  values.map((value) => `${name}=${value === 'N' ? '200' : value}`),
)
/** The bytes in each of the places, and what else comes together. */
const TOGETHER = [
  ...MANNERS.pictures.values.flatMap((place) =>
    MANNERS.inline.values.map((inline) => `pictures=${place} inline=${inline}`),
  ),
  ...MANNERS.pictures.values.map((place) => `pictures=${place} task=wrapped submission=wrapped`),
  'words=capitals task=wrapped ids=numeric submission=bare submitHttp=201 unset=null',
  'words=mixed submission=wrapped inline=b64_json bytes=4500000 prefix=bom type=none length=none',
  'task=wrapped inline=data-url prefix=space type=text/html unset=empty ids=numeric',
  ...MANNERS.pictures.values.flatMap((place) => [
    `pictures=${place} submission=listed task=listed quoted=inside ids=numeric`,
    `pictures=${place} address=path quoted=whole framing=events`,
  ]),
  'framing=events inline=b64_json submission=listed task=listed prefix=bom length=none',
  'framing=events inline=data-url type=none words=capitals caller=named',
]

async function play(id: ProviderId, directive: string, n = 1) {
  const provider = PROVIDERS[id]
  const world = playedWorld(provider)
  const prompt = `Cats [[${directive}]]`
  const submission = await provider.submit(request({ prompt, n }), world.account, undefined)
  let outcome: SubmissionOutcome | LookupOutcome = submission
  if (provider.poll && submission.type === 'accepted') {
    const pending = await provider.poll.ask(submission.reference, world.account)
    expect(pending).toEqual({ type: 'pending', note: null })
    world.pass(5)
    outcome = await provider.poll.ask(submission.reference, world.account)
  }
  return { outcome, jobs: await world.jobs() }
}

describe.each(PROVIDER_IDS)('%s', (id) => {
  const nMax = Math.min(3, PROVIDERS[id].imagesPerCall)

  it.each([...ALONE, ...TOGETHER])('with %s brings its pictures, in their order', async (words) => {
    // Large ones take their time.
    const n = words.includes('bytes=') ? 1 : nMax
    const { outcome, jobs } = await play(id, words, n)
    expect(jobs).toHaveLength(1)
    const expected = Array.from({ length: n }, (_, index) =>
      words.includes('inline=')
        ? `answer:${index}`
        : expect.stringMatching(new RegExp(`^https?://.*/files/${jobs[0]?.id}/${index}\\.`)),
    )
    expect(outcome).toMatchObject({ type: 'finished', urls: expected })
  })

  describe('that refuses in the body of HTTP 200', () => {
    it.each([
      ['400', { type: 'refused', cause: 'request' }],
      ['401', { type: 'refused', cause: 'provider' }],
      ['402', { type: 'refused', cause: 'provider' }],
      ['403', { type: 'refused', cause: 'provider' }],
      ['404', { type: 'refused', cause: 'request' }],
      ['429', { type: 'rate_limited' }],
      ['408', { type: 'lost' }],
      ['500', { type: 'lost' }],
      ['503', { type: 'lost' }],
    ])('%s is taken like that status', async (status, expected) => {
      for (const where of ['body', 'error']) {
        const { outcome, jobs } = await play(id, `submit=${where}-${status}`)
        expect(outcome, where).toMatchObject(expected)
        expect(jobs).toEqual([])
      }
    })

    it.each(['402', '429', '500'])(
      '%s is no refusal when it names what it made',
      async (status) => {
        const { outcome, jobs } = await play(id, `answer=body-${status}`)
        expect(outcome.type).toBe('finished')
        expect(jobs).toHaveLength(1)
      },
    )

    it.each([
      [{ code: '402', message: 'no credits' }, 'refused'],
      [{ code: 400, msg: 'blocked: the prompt is not safe, nsfw' }, 'refused'],
      [{ code: 200, msg: 'success', data: null }, 'lost'],
      [{ code: 'bad', data: {} }, 'lost'],
      [{ code: 4020 }, 'lost'],
      [{ error: { code: 402, message: 'Insufficient credits' } }, 'refused'],
      [JSON.stringify({ code: 402, msg: 'no credits' }), 'refused'],
      [{ error: { code: 503, message: 'No capacity' } }, 'lost'],
      [{ error: { message: 'Something went wrong' } }, 'lost'],
      [{ error: 'Something went wrong' }, 'lost'],
    ])('%j is %s', async (body, type) => {
      const account = accountAnswering(200, JSON.stringify(body))
      const outcome = await PROVIDERS[id].submit(request(), account, undefined)
      expect(outcome.type).toBe(type)
    })

    it.skipIf(!PROVIDERS[id].poll)('is no news of a job that was asked about', async () => {
      for (const code of [404, 429, 500]) {
        const account = accountAnswering(200, { code, msg: 'no', data: null })
        const outcome = await PROVIDERS[id].poll?.ask('job', account)
        expect(outcome).toMatchObject({
          type: 'unanswered',
          retryAfterMs: code === 429 ? 2_000 : null,
        })
      }
    })
  })

  it.skipIf(!PROVIDERS[id].poll)('may bring pictures where a job was expected', async () => {
    const account = accountAnswering(200, { code: 200, data: { images: [{ url: 'https://a/1' }] } })
    expect(await PROVIDERS[id].submit(request(), account, undefined)).toMatchObject({
      type: 'finished',
      urls: ['https://a/1'],
    })
  })

  it('is lost with an event stream that breaks off before its end', async () => {
    const begun = 'data: {"progress":10}\n\ndata: {"progress":20}\n\ndata: {"id":"job","ur'
    const outcome = await PROVIDERS[id].submit(request(), accountAnswering(200, begun), undefined)
    expect(outcome.type).toBe('lost')
  })

  it('takes neither a reference image nor a stray address for a picture', async () => {
    const body = {
      request: { image_urls: ['https://a/reference.png'], inputImageUrls: ['https://a/2.png'] },
      image: 'https://a/reference.png',
      url: '/v1/tasks/1',
      output: '/tmp/work',
      param: '{"url":"https://a/reference.png"}',
      data: { help: 'https://a/docs', prompt: 'https://a/', output: 'none' },
    }
    const outcome = await PROVIDERS[id].submit(request(), accountAnswering(200, body), undefined)
    expect(outcome.type).toBe('lost')
  })
})

it('of two spellings of one picture takes one', async () => {
  const data = [{ b64_json: 'iVBORw0KGgo=', url: 'https://a/1' }, { url: 'https://a/2' }]
  const account = accountAnswering(200, { data })
  expect(await PROVIDERS['nanobananaapi.dev'].submit(request(), account, undefined)).toMatchObject({
    urls: ['https://a/1', 'https://a/2'],
  })
})
