/** When a job is looked up, and when the cron looks after a task. */
import { describe, expect, it } from 'vitest'
import { computeDueAt, HAND_OUT_INTERVAL_MS, nextLookupAt } from '../../../src/core/schedule'
import { after, DEADLINE, EVENTS, NOW, opened, queuedTask, STATES } from './tasks'

const PACE_MS = 15_000

/** When the running job of a task is looked up next, after one lookup at this time. */
function lookupAfter(lookedUpAt: number | null, { task = STATES.running, isNews = false } = {}) {
  const [attempt] = task.attempts
  if (!attempt) throw new Error('The task has no attempt.')
  return nextLookupAt(task, attempt, lookedUpAt, PACE_MS, isNews)
}

describe('a job is looked up', () => {
  it('at once by a runner that does not know when it was, and then at the pace of its provider', () => {
    expect(lookupAfter(null)).toBeLessThanOrEqual(NOW)
    expect(lookupAfter(NOW)).toBe(NOW + PACE_MS)
  })

  it('a second after the last time when there is news', () => {
    expect(lookupAfter(NOW, { isNews: true })).toBe(NOW + 1_000)
  })

  it('every two seconds before the deadline, beginning ten seconds before it', () => {
    expect(lookupAfter(DEADLINE - 13_000)).toBe(DEADLINE - 10_000)
    expect(lookupAfter(DEADLINE - 10_000)).toBe(DEADLINE - 8_000)
    expect(lookupAfter(DEADLINE - 3_000)).toBe(DEADLINE - 1_000)
  })

  it('every half minute after the deadline', () => {
    expect(lookupAfter(DEADLINE, { task: STATES.late })).toBe(DEADLINE + 30_000)
  })

  it('not before the time that a denial put it off to', () => {
    const task = after(STATES.running, { ...EVENTS.missed, missesBefore: 0 })
    expect(lookupAfter(NOW, { task, isNews: true })).toBe(NOW + 10_000)
  })
})

describe('the due time of a row', () => {
  it('stays where it is while that is sooner than needed, and neither past nor too soon', () => {
    const { running } = STATES
    const wanted = NOW + HAND_OUT_INTERVAL_MS
    expect(computeDueAt(running, NOW + 30_000, NOW)).toBe(NOW + 30_000)
    for (const before of [null, NOW - 1, NOW + 1_000, wanted + 1]) {
      expect(computeDueAt(running, before, NOW)).toBe(wanted)
    }
  })

  it('is just after the deadline at the latest', () => {
    const at = DEADLINE - 7_000
    const task = after(queuedTask(), [opened(0, 'att_1', { at }), at])
    expect(computeDueAt(task, null, at)).toBe(DEADLINE + 1_000)
  })
})
