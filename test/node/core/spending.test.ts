/** What a task may commit of its key's spend limit: never more than was reserved for it. */
import { describe, expect, it } from 'vitest'
import type { TaskEvent } from '../../../src/core/event'
import { nextPurchaseAt } from '../../../src/core/plan'
import { dayOf, reservationOf, usdLeft } from '../../../src/core/spending'
import type { Task } from '../../../src/core/task'
import { decide } from '../../../src/core/transition'
import { after, EVENTS, NOW, opened, PICTURE, queuedTask } from './tasks'

/** Four pictures, the first provider makes some of them for the price of all. */
function fellShort(reservedUsd: number | null): Task {
  const request = { model: 'gpt-image-2', n: 4, prompt: 'Cats' } as const
  const candidates = [
    { provider: 'gptimage2.ai', model: 'gpt-image-2' },
    { provider: 'aivideoapi.ai', model: 'gpt-image-2' },
  ] as const
  return after(
    queuedTask({ request, candidates: [...candidates], reservedUsd }),
    buy(0, [[0, 1, 2, 3]], 0.4),
    { ...EVENTS.finished, urls: ['https://a/1', 'https://a/2', 'https://a/3'] },
    ...[0, 1, 2].map((index) => ({ type: 'stored', index, picture: PICTURE }) as const),
  )
}

/** One submission for each list of slots, at this price. */
function buy(candidate: number, slots: number[][], usd: number): TaskEvent {
  const attempts = slots.flatMap((indexes, position) => {
    const event = opened(candidate, `att_${candidate + 1}${position || ''}`, { indexes })
    return event.type === 'opened'
      ? event.attempts.map((attempt) => ({ ...attempt, price: { credits: 1, usd } }))
      : []
  })
  return { type: 'opened', attempts }
}

describe('what a delivery that fell short leaves to be bought elsewhere', () => {
  it('is not bought beyond the reservation: the task ends with what it has, and says why', () => {
    const task = after(fellShort(0.4), buy(1, [[3]], 0.0235))
    expect(task).toMatchObject({
      status: 'failed',
      reservedUsd: 0.4,
      error: {
        code: 'partial_outputs',
        message: expect.stringContaining('more than is reserved'),
      },
    })
    expect(task.attempts[1]).toMatchObject({
      status: 'rejected',
      charged: 'no',
      failure: { code: 'spend_limit_exceeded' },
    })
    expect(nextPurchaseAt(task, NOW)).toBeNull()
  })

  it.each([
    ['there is room', 0.4235],
    ['there is no limit', null],
  ])('is bought where %s', (_, reservedUsd) => {
    const task = after(fellShort(reservedUsd), buy(1, [[3]], 0.0235))
    expect(task).toMatchObject({ status: 'processing', reservedUsd })
    expect(task.attempts[1]?.status).toBe('submitting')
  })

  it('is bought as far as the room goes', () => {
    const candidates = fellShort(0.45).candidates
    const request = { model: 'gpt-image-2', n: 4, prompt: 'Cats' } as const
    const short = after(
      queuedTask({ request, candidates, reservedUsd: 0.45 }),
      buy(0, [[0, 1, 2, 3]], 0.4),
      EVENTS.finished,
    )
    const task = after(short, buy(1, [[1], [2], [3]], 0.0235))
    expect(task.attempts.slice(1).map(({ status }) => status)).toEqual([
      'submitting',
      'submitting',
      'rejected',
    ])
    expect(decide(task, buy(1, [[3]], 0.0235), NOW)).toBeNull()
  })
})

it('does not stumble over the rounding of prices', () => {
  const request = { model: 'gpt-image-2', n: 3, prompt: 'Cats' } as const
  const task = queuedTask({ request, reservedUsd: 0.01 })
  const next = after(task, buy(0, [[0], [1], [2]], 0.003334))
  expect(next.attempts.map(({ status }) => status)).toEqual(Array(3).fill('submitting'))
})

it('is reserved twice for who accepts to pay twice', () => {
  const line = { provider: 'gptimage2.ai', model: 'gpt-image-2', reason: null, credits: 1 } as const
  const quotes = [
    { ...line, eligible: true, usd: 0.1 },
    { ...line, eligible: true, usd: 0.2 },
    { ...line, eligible: false, usd: 0.9 },
  ]
  expect(reservationOf(quotes, {})).toBe(0.2)
  expect(reservationOf(quotes, { resubmit_on_unknown: true })).toBe(0.4)
})

describe('what is left', () => {
  const today = dayOf(NOW)
  const limits = { rateLimitPerMinute: null, dailyUsdLimit: 1, totalUsdLimit: 10 }
  const spending = { ...limits, day: today, dayUsd: 0.3, totalUsd: 4 }

  it.each([
    ['the narrower limit, of the day', {}, 0.7],
    ['the narrower limit, altogether', { totalUsd: 9.9 }, 0.1],
    ['a whole day, on a new one', { day: today - 1, dayUsd: 1 }, 1],
    ['nothing beyond a limit that was lowered', { totalUsdLimit: 3 }, 0],
    ['the only limit', { dailyUsdLimit: null }, 6],
    ['no number without a limit', { dailyUsdLimit: null, totalUsdLimit: null }, null],
  ])('is %s', (_, change, left) => {
    expect(usdLeft({ ...spending, ...change }, NOW)).toBe(left)
  })
})
