import { describe, expect, it } from 'vitest'
import { announcementOf } from '../../../src/core/announcement'
import type { TaskEvent } from '../../../src/core/event'
import type { Task } from '../../../src/core/task'
import { after, DEADLINE, describeTask, EVENTS, opened, PICTURE, queuedTask } from './tasks'

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
