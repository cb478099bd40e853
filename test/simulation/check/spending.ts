/**
 * Spend limits: what a key has spent is the sum of what its tasks hold, at every moment; no task ever
 * holds more than at its acceptance; and what it holds in the end is what it was charged or may have been.
 */
import { CREDIT_USD } from '../world/secrets'
import type { World } from '../world/world'
import type { AttemptFact, Facts, TaskFact } from './facts'

/** Less than any price, more than the dust of many sums. */
const DUST_USD = 0.00005

interface Sums {
  total: number
  day: number
  held: number
}

/** All tasks of a run are of one key and made on one day. */
const SUMS = `select sum(total_usd) as total, sum(day_usd) as day,
  (select coalesce(sum(reserved_usd), 0) from tasks) as held from keys`

const RESERVED = 'select id, reserved_usd as usd from tasks where reserved_usd is not null'

/** Holds at every write, because what a task holds changes in one batch with its key. */
export function watchSpending(world: World): void {
  const reserved = new Map<string, number>()
  world.onWrite(() => {
    for (const { id, usd } of world.database.look<{ id: string; usd: number }>(RESERVED)) {
      const first = reserved.get(id) ?? usd
      reserved.set(id, first)
      if (usd > first + DUST_USD) world.violate(`spending: ${id} holds ${usd}, reserved ${first}`)
    }
    for (const { total, day, held } of world.database.look<Sums>(SUMS)) {
      if (!isSame(total, held) || !isSame(day, held)) {
        world.violate(`spending: a key has ${total}, ${day} today, and its tasks hold ${held}`)
      }
    }
  })
}

export function checkSpending(facts: Facts): void {
  for (const task of facts.tasks) {
    checkHeld(facts, task)
    for (const attempt of task.attempts) checkPrice(facts, attempt)
  }
}

function checkHeld({ world, scenario }: Facts, { id, reservedUsd, attempts }: TaskFact): void {
  if ((reservedUsd !== null) !== scenario.hasSpendLimit) {
    world.violate(`spending: ${id} holds ${reservedUsd}`)
  }
  const charged = attempts
    .filter((attempt) => attempt.charged !== 'no')
    .reduce((sum, { usd }) => sum + (usd ?? 0), 0)
  if (reservedUsd !== null && !isSame(reservedUsd, charged)) {
    world.violate(`spending: ${id} holds ${reservedUsd} and may have been charged ${charged}`)
  }
}

function checkPrice({ world }: Facts, { id, provider, credits, usd }: AttemptFact): void {
  const price = CREDIT_USD[provider]
  const isRight =
    credits !== null && usd !== null && price !== undefined && isSame(usd, credits * price)
  if (!isRight) world.violate(`spending: ${id} says ${credits} credits are ${usd} dollars`)
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) < DUST_USD
}
