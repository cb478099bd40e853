import { describe, expect, it } from 'vitest'
import { canBeLookedUp } from '../../../src/core/attempt'
import type { TaskEvent } from '../../../src/core/event'
import { HAND_OUT_INTERVAL_MS, LOST_WAKE_MS, RECOVERY_WINDOW_MS } from '../../../src/core/schedule'
import { isTerminal } from '../../../src/core/task'
import { decide } from '../../../src/core/transition'
import {
  after,
  DEADLINE,
  denied,
  describeTask,
  EVENTS,
  NOW,
  opened,
  queuedTask,
  STATES,
} from './tasks'

describe('time', () => {
  it('ends every task at its deadline', () => {
    for (const state of Object.values(STATES)) {
      const task = decide(state, EVENTS.expired, DEADLINE) ?? state
      expect(isTerminal(task)).toBe(true)
    }
  })

  it('still stores a success that comes after the deadline', () => {
    const task = after(STATES.late, EVENTS.finished, EVENTS.stored)
    expect(describeTask(task)).toBe('failed succeeded stored timed_out')
    expect(task.dueAt).toBeNull()
  })

  it('gives a late job up at the end of the recovery window', () => {
    const task = after(STATES.late, [EVENTS.expired, DEADLINE + RECOVERY_WINDOW_MS])
    expect(describeTask(task)).toBe('failed unknown+abandoned timed_out')
    expect(task.dueAt).toBeNull()
  })

  it('gives up a job that the provider denies three times in a row', () => {
    const { pending, unanswered } = EVENTS
    const twice = [denied(0), denied(1)]
    const task = after(STATES.running, ...twice, pending, ...twice, unanswered, ...twice)
    expect(task.status).toBe('processing')
    expect(describeTask(after(task, denied(2)))).toBe('failed unknown+denied provider_failed')
  })

  describe('with a job that was denied three times', () => {
    const at = NOW + 20_000
    const task = after(STATES.running, denied(0), denied(1), [denied(2), at])

    it('goes on asking for it, and writes nothing while it is denied', () => {
      expect(task.attempts.map(canBeLookedUp)).toEqual([true])
      expect(task.dueAt).toBeLessThanOrEqual(at + HAND_OUT_INTERVAL_MS)
      for (const misses of [0, 1, 2]) expect(decide(task, denied(misses), at)).toBeNull()
    })

    it('stores its picture when it turns up after all', () => {
      const found = after(
        task,
        EVENTS.accepted,
        { ...EVENTS.finished, asked: 'job' },
        EVENTS.stored,
      )
      expect(describeTask(found)).toBe('failed succeeded stored provider_failed')
      expect(found.dueAt).toBeNull()
    })

    it('forgets it six hours after the deadline', () => {
      const end = after(task, [EVENTS.expired, DEADLINE + RECOVERY_WINDOW_MS])
      expect(describeTask(end)).toBe('failed unknown+abandoned provider_failed')
      expect(end.dueAt).toBeNull()
    })

    it('is still asking for it after a callback named another job', () => {
      const hinted = after(task, EVENTS.hinted)
      expect(hinted.attempts).toMatchObject([{ job: { kind: 'denied', reference: 'job' } }])
      expect(hinted.dueAt).toBe(NOW + LOST_WAKE_MS)
    })

    it('asks for it six hours longer when a callback names it', () => {
      const end = DEADLINE + RECOVERY_WINDOW_MS
      const named = after(task, [{ ...EVENTS.hinted, reference: 'job' }, end - 1])
      expect(decide(named, EVENTS.expired, end)).toBeNull()
    })

    it('waits for it no longer, unless it was to call back', () => {
      const calling = after(queuedTask(), opened(0, 'att_1', { awaitsCallback: true }))
      const waiting = after(calling, EVENTS.accepted, denied(0), denied(1), denied(2))
      expect(describeTask(waiting)).toBe('processing unknown+denied')
    })

    it('buys another one only where that was asked for', () => {
      const request = { ...queuedTask().request, resubmit_on_unknown: true }
      const denials = [denied(0), denied(1), denied(2)]
      const wanting = after(queuedTask({ request }), opened(), EVENTS.accepted, ...denials)
      expect(describeTask(after(wanting, opened(0, 'att_2')))).toBe(
        'processing unknown+denied submitting',
      )
      expect(decide(task, opened(0, 'att_2'), NOW)).toBeNull()
    })
  })

  it('counts each denial once, and asks again ten seconds later', () => {
    const task = after(STATES.running, denied(0))
    expect(decide(task, denied(0), NOW)).toBeNull()
    expect(task.attempts).toMatchObject([{ misses: 1, lookUpAt: NOW + 10_000 }])
  })
})

describe('an answer about another job than its own', () => {
  const other = { asked: 'other' }
  const answers: TaskEvent[] = [
    { ...EVENTS.pending, ...other },
    { ...EVENTS.unanswered, ...other },
    { ...EVENTS.unconfirmed, ...other },
    { ...EVENTS.finished, ...other, urls: ['https://other/1'] },
    { ...EVENTS.failed, ...other },
    { ...denied(0), ...other },
    { ...denied(1), ...other },
  ]

  it.each(['running', 'hinted', 'waiting', 'submitting', 'storing'] as const)(
    'changes nothing of a task that is %s',
    (state) => {
      for (const task of [STATES[state], decide(STATES[state], denied(0), NOW)]) {
        for (const answer of answers) if (task) expect(decide(task, answer, NOW)).toBeNull()
      }
    },
  )

  it('is one that comes for a claim when another one was made meanwhile', () => {
    const claimed = after(STATES.waiting, EVENTS.hinted)
    const again = after(claimed, { ...EVENTS.hinted, reference: 'the true one' })
    for (const answer of [denied(0, 'claimed'), EVENTS.unconfirmed]) {
      expect(decide(claimed, answer, NOW)).not.toBeNull()
      expect(decide(again, answer, NOW)).toBeNull()
    }
  })
})

it('what was recorded too late to be sent is free, and recorded again while there is time', () => {
  const task = after(STATES.submitting, EVENTS.withdrawn)
  expect(task.attempts).toMatchObject([{ charged: 'no', failure: { cause: 'gateway' } }])
  expect(describeTask(after(task, opened(0, 'att_2')))).toBe('processing rejected submitting')
  expect(after(task, [EVENTS.expired, DEADLINE]).error).toMatchObject({
    code: 'timed_out',
    message: 'The deadline passed before a provider could be asked.',
  })
})
