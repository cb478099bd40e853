/** Whatever happens in whatever order, what a task promises holds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskEvent } from '../../../src/core/event'
import { LOST_WAKE_MS, RECOVERY_WINDOW_MS } from '../../../src/core/schedule'
import { isTerminal, type Task } from '../../../src/core/task'
import { decide } from '../../../src/core/transition'
import { DEADLINE, EVENTS, NOW, opened, queuedTask } from './tasks'

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
