import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { announcementOf } from '../../../src/core/announcement'
import { canBeLookedUp } from '../../../src/core/attempt'
import type { TaskEvent } from '../../../src/core/event'
import { nextPurchaseAt, SUBMISSION_TIME_MIN_MS } from '../../../src/core/plan'
import { HAND_OUT_INTERVAL_MS, LOST_WAKE_MS, RECOVERY_WINDOW_MS } from '../../../src/core/schedule'
import { isTerminal, type Task } from '../../../src/core/task'
import { decide } from '../../../src/core/transition'
import {
  after,
  DEADLINE,
  denied,
  describeTask,
  EVENTS,
  NOW,
  opened,
  PICTURE,
  queuedTask,
  STATES,
} from './tasks'

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

describe('several pictures', () => {
  const four = queuedTask({ request: { model: 'gpt-image-2', n: 4, prompt: 'A cat' } })

  it('keeps what it has and says what is missing', () => {
    const task = after(
      four,
      opened(0, 'att_1', { indexes: [0, 1] }),
      opened(0, 'att_2', { indexes: [2, 3] }),
      { ...EVENTS.finished, urls: ['https://a/0', 'https://a/1'] },
      { ...EVENTS.refused, attemptId: 'att_2' },
      EVENTS.stored,
      { ...EVENTS.stored, index: 1 },
    )
    expect(describeTask(task)).toBe('failed succeeded rejected stored stored partial_outputs')
    expect(task.error?.message).toContain('2 of 4 pictures are missing: output 2: gptimage2.ai')
  })

  it('asks the next provider for pictures that the first one left out', () => {
    const candidates = [
      ...four.candidates,
      { provider: 'aivideoapi.ai', model: 'gpt-image-2' } as const,
    ]
    const task = after(
      { ...four, candidates },
      opened(0, 'att_1', { indexes: [0, 1, 2, 3] }),
      { ...EVENTS.finished, urls: ['https://a/0', 'https://a/1', 'https://a/2'] },
      opened(1, 'att_2', { indexes: [3] }),
    )
    expect(task.attempts.map((attempt) => attempt.indexes)).toEqual([[0, 1, 2, 3], [3]])
  })
})

describe('late pictures', () => {
  const two = queuedTask({ request: { model: 'gpt-image-2', n: 2, prompt: 'A cat' } })
  const late = after(
    two,
    opened(0, 'att_1', { indexes: [0] }),
    EVENTS.accepted,
    opened(0, 'att_2', { indexes: [1] }),
    { ...EVENTS.accepted, attemptId: 'att_2', reference: 'job_2' },
    [EVENTS.expired, DEADLINE],
  )
  const storedLate = { ...EVENTS.stored, picture: { ...PICTURE, storedAt: DEADLINE + 1 } }

  function announcements(task: Task, ...events: TaskEvent[]): Array<string | null> {
    let current = task
    return events.map((event) => {
      const next = after(current, event)
      const announcement = announcementOf(current, next)
      current = next
      return announcement
    })
  }

  it('are announced one by one as they come', () => {
    const second = { ...EVENTS.finished, attemptId: 'att_2' }
    expect(
      announcements(late, EVENTS.finished, storedLate, second, { ...storedLate, index: 1 }),
    ).toEqual([null, 'task.recovered', null, 'task.recovered'])
  })

  it('are announced together when they come together, and without one that can not be had', () => {
    const both = after(two, opened(0, 'att_1', { indexes: [0, 1] }), EVENTS.accepted, [
      EVENTS.expired,
      DEADLINE,
    ])
    const finished = { ...EVENTS.finished, urls: ['https://a/0', 'https://a/1'] }
    expect(announcements(both, finished, storedLate, { ...storedLate, index: 1 })).toEqual([
      null,
      null,
      'task.recovered',
    ])
    const gone = { ...EVENTS.download_failed, index: 1 }
    expect(announcements(both, finished, storedLate, gone, gone)).toEqual([
      null,
      null,
      'task.recovered',
      null,
    ])
  })
})

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

describe('in any order of events', () => {
  const attemptIds = fc.constantFrom('att_1', 'att_2')
  const events: fc.Arbitrary<[TaskEvent, number]> = fc.tuple(
    fc.oneof(
      fc
        .record({ candidate: fc.nat(1), id: attemptIds, index: fc.nat(1) })
        .map(({ candidate, id, index }) => opened(candidate, id, { indexes: [index] })),
      fc
        .tuple(fc.constantFrom(...Object.values(EVENTS)), attemptIds, fc.nat(2))
        .map(
          ([event, attemptId, index]): TaskEvent =>
            'attemptId' in event
              ? { ...event, attemptId, ...(event.type === 'missed' ? { missesBefore: index } : {}) }
              : 'index' in event
                ? { ...event, index: index % 2 }
                : event,
        ),
    ),
    fc.integer({ min: NOW, max: DEADLINE + RECOVERY_WINDOW_MS * 2 }),
  )
  const start = queuedTask({
    request: { model: 'gpt-image-2', n: 2, prompt: 'A cat', resubmit_on_unknown: true },
    candidates: [
      { provider: 'gptimage2.ai', model: 'gpt-image-2' },
      { provider: 'aivideoapi.ai', model: 'gpt-image-2' },
    ],
  })

  it('keeps its promises', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 30 }), (list) => {
        let task: Task = start
        let now = NOW
        for (const [event, at] of list) {
          now = Math.max(now, event.type === 'expired' ? at : now)
          const next = decide(task, event, now)
          if (!next) continue
          const error =
            next.deletedAt === null && event.type !== 'outdated' ? task.error : next.error
          if (isTerminal(task)) expect(next).toMatchObject({ status: task.status, error })
          if (!isTerminal(next)) {
            expect(next.dueAt).not.toBeNull()
            expect(next.dueAt).toBeLessThanOrEqual(next.deadlineAt + LOST_WAKE_MS)
          }
          const slots = next.outputs.map((output) => output.index)
          expect(new Set(slots).size).toBe(slots.length)
          for (const output of event.type === 'erased' || event.type === 'outdated'
            ? []
            : task.outputs) {
            const later = next.outputs.find((candidate) => candidate.index === output.index)
            if (output.picture) expect(later?.picture).toEqual(output.picture)
          }
          expect(next.version).toBe(task.version + 1)
          task = next
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
