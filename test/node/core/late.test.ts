/** What comes around or after the end of a task: it is announced, and what is known stays known. */
import { describe, expect, it } from 'vitest'
import { announcementOf } from '../../../src/core/announcement'
import { ERASE_AGAIN_MS, LOST_WAKE_MS, RECOVERY_WINDOW_MS } from '../../../src/core/schedule'
import { decide } from '../../../src/core/transition'
import { after, DEADLINE, denied, EVENTS, NOW, opened, PICTURE, queuedTask, STATES } from './tasks'

const expired = [EVENTS.expired, DEADLINE] as const

describe('a picture', () => {
  it('that was fetched before the deadline and written after it is announced', () => {
    const late = after(STATES.storing, [...expired])
    const picture = { ...PICTURE, storedAt: DEADLINE - 1 }
    const recovered = after(late, [{ type: 'stored', index: 0, picture }, DEADLINE + 5])
    expect(recovered.status).toBe('failed')
    expect(announcementOf(late, recovered)).toBe('task.recovered')
  })

  it('of a deleted task changes nothing', () => {
    const deleted = after(STATES.storing, [...expired], EVENTS.deleted)
    expect(deleted).toMatchObject({ request: { model: 'gpt-image-2', n: 1 }, error: null })
    expect(() => after(deleted, EVENTS.stored)).toThrow('no effect')
    const again = (deleted.deletedAt ?? 0) + ERASE_AGAIN_MS
    expect(deleted).toMatchObject({ outputs: [{ sourceUrl: null }], dueAt: again })
    expect(() => after(deleted, [EVENTS.erased, again - 1])).toThrow('no effect')
    expect(after(deleted, [EVENTS.erased, again])).toMatchObject({ outputs: [], dueAt: null })
  })
})

it('the charge of a deleted task can still be settled, since the ledger stays', () => {
  const deleted = after(STATES.late, EVENTS.deleted)
  expect(deleted.attempts).toMatchObject([{ charged: 'unknown' }])
  const settled = after(deleted, EVENTS.charge_settled)
  expect(settled.attempts).toMatchObject([{ charged: 'no' }])
  expect(settled).toMatchObject({ deletedAt: deleted.deletedAt, dueAt: deleted.dueAt })
})

it('a deleted task has its pictures removed at once, and again when no write can arrive late', () => {
  const deleted = after(STATES.succeeded, EVENTS.deleted)
  expect(deleted.dueAt).toBe(NOW)
  const erased = after(deleted, EVENTS.erased)
  const again = NOW + ERASE_AGAIN_MS
  expect(erased).toMatchObject({ outputs: [{ picture: null }], dueAt: again })
  expect(after(erased, [EVENTS.erased, again])).toMatchObject({ outputs: [], dueAt: null })
})

it('a deleted task whose run may have died with a picture put is emptied once nothing can come', () => {
  const deleted = after(STATES.late, EVENTS.deleted)
  const again = (deleted.deletedAt ?? 0) + ERASE_AGAIN_MS
  expect(STATES.late.outputs).toEqual([])
  expect(deleted).toMatchObject({ outputs: [{ picture: null }], dueAt: again })
  expect(after(deleted, [EVENTS.erased, again])).toMatchObject({ outputs: [], dueAt: null })
  expect(after(STATES.failed, EVENTS.deleted)).toMatchObject({ outputs: [], dueAt: null })
})

describe('a charge that is known', () => {
  const unnamed = after(STATES.running, { ...EVENTS.finished, urls: [] })

  it.each([
    [
      'the recovery ends',
      after(unnamed, [...expired], [EVENTS.expired, DEADLINE + RECOVERY_WINDOW_MS]),
    ],
    ['the task is deleted', after(unnamed, [...expired], EVENTS.deleted)],
    ['the job is forgotten', after(unnamed, denied(0), denied(1), denied(2))],
    [
      'a lookup does not say it',
      after(
        STATES.claimed,
        { ...EVENTS.charge_settled, charged: 'yes' },
        { ...EVENTS.failed, asked: 'claimed', charged: 'unknown' },
      ),
    ],
  ])('stays known when %s', (_, task) => {
    expect(task.attempts).toMatchObject([{ charged: 'yes' }])
  })

  it('is never made a second time', () => {
    const resubmitting = queuedTask({
      request: { model: 'gpt-image-2', n: 1, prompt: 'A cat', resubmit_on_unknown: true },
    })
    const task = after(
      resubmitting,
      EVENTS.opened,
      EVENTS.accepted,
      { ...EVENTS.finished, urls: [] },
      denied(0),
      denied(1),
      denied(2),
    )
    expect(task.status).toBe('failed')
  })
})

it('a callback makes a task due at once, also after its deadline, and says nothing else', () => {
  const late = after(STATES.running, [...expired])
  for (const [task, now] of [
    [STATES.running, NOW],
    [late, DEADLINE + 1],
  ] as const) {
    const hinted = after(task, [EVENTS.hinted, now])
    expect(hinted.dueAt).toBe(now + LOST_WAKE_MS)
    expect(hinted.attempts).toEqual(task.attempts)
    expect(decide(hinted, EVENTS.hinted, now)).toBeNull()
  }
})

it('a hint is followed while its submission is unanswered, and dropped when it is denied', () => {
  const hinted = after(queuedTask(), EVENTS.opened, EVENTS.hinted)
  expect(hinted.dueAt).toBe(NOW + LOST_WAKE_MS)
  const confirmed = after(hinted, { ...EVENTS.accepted, reference: 'claimed' })
  const job = { kind: 'confirmed', reference: 'claimed' }
  expect(confirmed.attempts).toMatchObject([{ status: 'running', job }])
  const claim = 'claimed'
  const denials = after(hinted, denied(0, claim), denied(1, claim), denied(2, claim))
  expect(denials.attempts).toMatchObject([{ status: 'submitting', job: { kind: 'none' } }])
})

describe('six hours after the deadline', () => {
  const late = after(STATES.running, [...expired])
  const end = DEADLINE + RECOVERY_WINDOW_MS

  it('a job is given up, but a hint that comes later is followed for as long again', () => {
    const givenUp = after(late, [EVENTS.expired, end])
    expect(givenUp.attempts).toMatchObject([{ status: 'unknown' }])
    const hinted = after(givenUp, [EVENTS.hinted, end + 1])
    expect(decide(hinted, EVENTS.expired, end + RECOVERY_WINDOW_MS)).toBeNull()
    const confirmed = after(
      hinted,
      [{ ...EVENTS.accepted, reference: 'claimed' }, end + 2],
      [EVENTS.finished, end + 3],
    )
    expect(decide(confirmed, EVENTS.expired, end + RECOVERY_WINDOW_MS)).toBeNull()
    expect(after(confirmed, [EVENTS.stored, end + 4]).outputs).toMatchObject([
      { picture: { sha256: PICTURE.sha256 } },
    ])
    expect(after(hinted, [EVENTS.expired, end + 1 + RECOVERY_WINDOW_MS]).dueAt).toBeNull()
  })

  it('a picture that came late is tried for six hours of its own', () => {
    const found = after(late, [EVENTS.finished, end - 1])
    expect(decide(found, EVENTS.expired, end)).toBeNull()
    const givenUp = after(found, [EVENTS.expired, end - 1 + RECOVERY_WINDOW_MS])
    expect(givenUp.outputs).toMatchObject([{ sourceUrl: null }])
  })
})

describe('a job that an unclear answer named', () => {
  const request = {
    model: 'gpt-image-2',
    n: 1,
    prompt: 'A cat',
    resubmit_on_unknown: true,
  } as const
  const named = after(queuedTask({ request }), EVENTS.opened, { ...EVENTS.lost, claim: 'job' })

  it('is asked about before it would be bought again', () => {
    expect(named).toMatchObject({
      status: 'processing',
      attempts: [{ job: { kind: 'claimed', reference: 'job' } }],
    })
    expect(decide(named, opened(0, 'att_2'), NOW)).toBeNull()
    expect(after(named, EVENTS.accepted).attempts).toMatchObject([{ status: 'running' }])
  })

  it('is bought again once its provider does not know it', () => {
    const unknown = after(named, denied(0), denied(1), denied(2))
    expect(after(unknown, opened(0, 'att_2')).attempts).toHaveLength(2)
  })
})

describe('at the deadline', () => {
  const ended = (...events: Parameters<typeof after>[1][]) =>
    after(queuedTask(), ...events, [...expired]).error?.code

  it.each([
    ['submit_outcome_unknown', 'a submission that nobody answered', [opened()]],
    [
      'timed_out',
      'a synchronous call that is at work',
      [opened(0, 'att_1', { isSynchronous: true })],
    ],
    ['timed_out', 'a job that runs', [opened(), EVENTS.accepted]],
    ['provider_rejected', 'a rate limit that was waited out', [opened(), EVENTS.rate_limited]],
    ['timed_out', 'a task that nobody was asked for', []],
  ] as const)('%s is the end of %s', (code, _, events) => {
    expect(ended(...events)).toBe(code)
  })
})
