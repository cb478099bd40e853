import { describe, expect, it } from 'vitest'
import { nextPurchaseAt, SUBMISSION_TIME_MIN_MS } from '../../../src/core/plan'
import { LOST_WAKE_MS } from '../../../src/core/schedule'
import type { Task } from '../../../src/core/task'
import { decide } from '../../../src/core/transition'
import { after, DEADLINE, describeTask, EVENTS, NOW, opened, queuedTask } from './tasks'

describe('failing over', () => {
  const candidates = [
    { provider: 'gptimage2.ai', model: 'gpt-image-2' },
    { provider: 'aivideoapi.ai', model: 'gpt-image-2' },
  ] as const
  const twoCandidates = queuedTask({ candidates: [...candidates] })

  it('asks the next candidate after a refusal, at once', () => {
    const task = after(twoCandidates, opened(), EVENTS.refused)
    expect(task).toMatchObject({ status: 'processing', dueAt: NOW + LOST_WAKE_MS })
    expect(describeTask(after(task, opened(1, 'att_2')))).toBe('processing rejected submitting')
  })

  it('does not take content that was refused elsewhere', () => {
    const refusal = { ...EVENTS.refused, cause: 'content' as const }
    expect(after(twoCandidates, opened(), refusal).error?.code).toBe('content_refused')
  })

  it('takes refused content elsewhere when asked to', () => {
    const request = { ...twoCandidates.request, failover_on_refusal: true }
    const refusal = { ...EVENTS.refused, cause: 'content' as const }
    expect(after({ ...twoCandidates, request }, opened(), refusal).status).toBe('processing')
  })

  it('never sends a job again that failed and was charged', () => {
    const charged = { ...EVENTS.failed, charged: 'yes' as const }
    const task = after(twoCandidates, opened(), EVENTS.accepted, charged)
    expect(task).toMatchObject({ status: 'failed', error: { code: 'provider_failed' } })
  })

  it('never sends an unknown outcome again', () => {
    const task = after(twoCandidates, opened(), EVENTS.lost)
    expect(task.error?.code).toBe('submit_outcome_unknown')
    expect(decide(task, opened(1, 'att_2'), NOW)).toBeNull()
  })

  it('sends an unknown outcome again, here and then elsewhere, when asked to', () => {
    const request = { ...twoCandidates.request, resubmit_on_unknown: true }
    const once = after({ ...twoCandidates, request }, opened(), EVENTS.lost)
    expect(decide(once, opened(1, 'att_2'), NOW)).toBeNull()
    const twice = after(once, opened(0, 'att_2'), { ...EVENTS.lost, attemptId: 'att_2' })
    const thrice = after(twice, opened(1, 'att_3'))
    expect(describeTask(thrice)).toBe('processing unknown unknown submitting')
  })

  it('buys nothing once too little time is left for a picture to come', () => {
    const last = DEADLINE - SUBMISSION_TIME_MIN_MS
    expect(decide(twoCandidates, opened(), last)).not.toBeNull()
    expect(decide(twoCandidates, opened(), last + 1)).toBeNull()
    const refused = after(twoCandidates, [opened(), last], [EVENTS.refused, last + 1])
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'provider_rejected' } })
  })

  it('waits out a short rate limit three times, then moves on', () => {
    let task: Task = twoCandidates
    let at = NOW
    for (const id of ['att_1', 'att_2', 'att_3']) {
      task = after(task, [opened(0, id), at], [{ ...EVENTS.rate_limited, attemptId: id }, at])
      at += 1_000
      expect(nextPurchaseAt(task, at)).toBe(at)
      expect(task.dueAt).toBe(at + LOST_WAKE_MS)
    }
    task = after(
      task,
      [opened(0, 'att_4'), at],
      [{ ...EVENTS.rate_limited, attemptId: 'att_4' }, at],
    )
    expect(decide(task, opened(0, 'att_5'), at)).toBeNull()
    expect(decide(task, opened(1, 'att_5'), at)).not.toBeNull()
  })

  it('leaves the next candidate half of the time, and waits for the last one while there is any', () => {
    const at = DEADLINE - 30_000
    const limited = (task: Task, seconds: number) =>
      after(
        task,
        [opened(0, 'att_1', { at }), at],
        [{ ...EVENTS.rate_limited, retryAfterMs: seconds * 1000 }, at],
      )
    expect(nextPurchaseAt(limited(twoCandidates, 15), at)).toBe(at + 15_000)
    expect(nextPurchaseAt(limited(twoCandidates, 16), at)).toBe(0)
    expect(nextPurchaseAt(limited(queuedTask(), 24), at)).toBe(at + 24_000)
    expect(limited(queuedTask(), 31).error?.code).toBe('provider_rejected')
  })

  it('does not take what was never sent for a rate limit', () => {
    const ids = ['att_1', 'att_2', 'att_3']
    const unsent = ids.flatMap((attemptId) => [
      opened(0, attemptId),
      { ...EVENTS.withdrawn, attemptId },
    ])
    const limit = { ...EVENTS.rate_limited, attemptId: 'att_4' }
    const task = after(queuedTask(), ...unsent, opened(0, 'att_4'), limit)
    expect(task).toMatchObject({ status: 'processing', dueAt: NOW + 1_000 + LOST_WAKE_MS })
  })

  it('moves on at once from a long rate limit', () => {
    const task = after(twoCandidates, opened(), { ...EVENTS.rate_limited, retryAfterMs: 60_000 })
    expect(describeTask(after(task, opened(1, 'att_2')))).toBe('processing rejected submitting')
  })

  it('names every provider once all have failed', () => {
    const task = after(twoCandidates, opened(), EVENTS.refused, opened(1, 'att_2'), {
      ...EVENTS.refused,
      attemptId: 'att_2',
      failure: { code: 'x', message: 'another reason' },
    })
    expect(task.error?.code).toBe('all_providers_failed')
    expect(task.error?.message).toBe('gptimage2.ai: some reason; aivideoapi.ai: another reason')
  })
})
