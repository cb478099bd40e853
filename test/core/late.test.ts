/** What comes around or after the end of a task: it is announced, and what is known stays known. */
import { describe, expect, it } from 'vitest'
import { announcementOf } from '../../src/core/announcement'
import { ERASE_AGAIN_MS, RECOVERY_WINDOW_MS } from '../../src/core/schedule'
import { after, DEADLINE, EVENTS, PICTURE, queuedTask, STATES } from './tasks'

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

describe('a charge that is known', () => {
  const unnamed = after(STATES.running, { ...EVENTS.finished, urls: [] })

  it.each([
    [
      'the recovery ends',
      after(unnamed, [...expired], [EVENTS.expired, DEADLINE + RECOVERY_WINDOW_MS]),
    ],
    ['the task is deleted', after(unnamed, [...expired], EVENTS.deleted)],
    ['the job is forgotten', after(unnamed, EVENTS.missed, EVENTS.missed, EVENTS.missed)],
  ])('stays known when %s', (_, task) => {
    expect(task.attempts).toMatchObject([{ status: 'unknown', charged: 'yes' }])
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
      EVENTS.missed,
      EVENTS.missed,
      EVENTS.missed,
    )
    expect(task.status).toBe('failed')
  })
})

it('a hint after the deadline is followed at once, and sets no quicker pace', () => {
  const late = after(STATES.running, [...expired])
  const hinted = after(late, [EVENTS.hinted, DEADLINE + 1])
  expect(hinted.dueAt).toBe(DEADLINE + 1)
  expect(hinted.dueIntervalMs).toBe(late.dueIntervalMs)
})
