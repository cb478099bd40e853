/** Ids of attempts tell their task, their order, and which run made them. */
import { expect, it } from 'vitest'
import { attemptIdOf, taskIdOfAttempt } from '../../../src/core/attempt-id'

const TASK = 'task_01a1fc396d727d5ab2d9621d40fe8577'
const UNIQUE = 'att_01a1fc396d7f7c1e8f0a1b2c3d4e5f60'

it('tells the task', () => {
  expect(attemptIdOf(TASK, 0, UNIQUE)).toBe('att_01a1fc396d727d5ab2d9621d40fe8577_0001b2c3d4e5f60')
  expect(taskIdOfAttempt(attemptIdOf(TASK, 12, UNIQUE))).toBe(TASK)
})

it('sorts in the order in which attempts are made', () => {
  const ids = [0, 1, 2, 9, 10, 11, 100].map((ordinal) => attemptIdOf(TASK, ordinal, UNIQUE))
  expect(ids.toSorted()).toEqual(ids)
})

it('is different for two runs that make the same attempt', () => {
  const other = UNIQUE.replace(/..$/, '61')
  expect(attemptIdOf(TASK, 0, other)).not.toBe(attemptIdOf(TASK, 0, UNIQUE))
})

it.each(['', 'att_none', TASK, UNIQUE, `${UNIQUE}x`, `x${attemptIdOf(TASK, 0, UNIQUE)}`])(
  'knows no task of %j',
  (id) => {
    expect(taskIdOfAttempt(id)).toBeNull()
  },
)
