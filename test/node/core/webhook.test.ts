/** Webhooks: the signature that receivers verify, and when a failed one is tried again. */
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, it } from 'vitest'
import { judgeTry, type TryAnswer, webhookHeaders } from '../../../src/core/webhook'

const SECRET = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`
const OLD_SECRET = `whsec_${btoa('fedcba9876543210fedcba9876543210')}`
const BODY = JSON.stringify({ type: 'task.succeeded', data: { prompt: 'Küche ☂' } })

describe('the signature', () => {
  it.each([
    ['standardwebhooks', new StandardWebhook(SECRET)],
    ['svix', new SvixWebhook(SECRET)],
    ['standardwebhooks with the replaced secret', new StandardWebhook(OLD_SECRET)],
    ['svix with the replaced secret', new SvixWebhook(OLD_SECRET)],
  ])('is verified by %s', async (_, verifier) => {
    const headers = await webhookHeaders([SECRET, OLD_SECRET], 'msg_1', BODY, Date.now())
    expect(() => verifier.verify(BODY, headers)).not.toThrow()
    expect(() => verifier.verify(`${BODY} `, headers)).toThrow()
    expect(() => verifier.verify(BODY, { ...headers, 'webhook-id': 'msg_2' })).toThrow()
  })

  it('has one part for each secret', async () => {
    const headers = await webhookHeaders([SECRET, OLD_SECRET], 'msg_1', BODY, 1_800_000_000_999)
    expect(headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/)
    expect(headers['webhook-timestamp']).toBe('1800000000')
  })
})

describe('a failed try', () => {
  const failure: TryAnswer = { status: 500, fault: 'HTTP 500', retryAfterMs: 0 }
  const minutes = (count: number) => count * 60_000
  const hours = (count: number) => minutes(count * 60)

  it('is followed by others over a day', () => {
    let at = 0
    const tries = [0]
    for (let count = 1; count < 10; count++) {
      const verdict = judgeTry(count, failure, 0)
      if (verdict.kind !== 'again') throw new Error(verdict.kind)
      at += verdict.waitMs
      tries.push(at)
    }
    const days = [2, 5, 10, 14, 20, 24].map(hours)
    expect(tries).toEqual([0, 5_000, minutes(5), minutes(30), ...days])
    expect(judgeTry(10, failure, 0)).toEqual({ kind: 'given_up' })
  })

  it('is spread by up to a tenth', () => {
    expect(judgeTry(1, failure, 1)).toEqual({ kind: 'again', waitMs: 5_500 })
  })

  it('waits as long as the receiver asks, within reason', () => {
    const asking = (retryAfterMs: number) => judgeTry(1, { ...failure, retryAfterMs }, 0)
    expect(asking(hours(1))).toEqual({ kind: 'again', waitMs: hours(1) })
    expect(asking(1)).toEqual({ kind: 'again', waitMs: 5_000 })
    expect(asking(hours(1000))).toEqual({ kind: 'again', waitMs: hours(24) })
  })

  it('is the last one where the receiver is gone', () => {
    expect(judgeTry(1, { ...failure, status: 410 }, 0)).toEqual({ kind: 'given_up' })
  })

  it('is not one when it was taken', () => {
    const taken = { status: 204, fault: null, retryAfterMs: 0 }
    expect(judgeTry(10, taken, 0)).toEqual({ kind: 'delivered' })
  })
})
