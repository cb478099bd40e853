/** A row of the tables: one question, what answers it, and what the answer should be. */

export interface Figure {
  /** What it is of, in a few words; unique in its row. */
  name: string
  value: number
  unit: string
  /** The most it may be, or the least; null where there is no goal. */
  goal: { most: number } | { least: number } | null
  /** A count that is the same in every run; others are compared with some slack. */
  isExact: boolean
}

/** How far a measurement goes. */
export interface Extent {
  /** All of it, which takes minutes; else what must fit into a check. */
  isFull: boolean
  /** Tells how far it is. */
  say(progress: string): void
}

export interface Row {
  /** As the command has it. */
  name: string
  /** As the table has it. */
  title: string
  /** Counts are part of the check; those under load, and times, want the machine for themselves. */
  kind: 'count' | 'count under load' | 'time'
  measure(extent: Extent): Promise<Figure[]>
}

type Goal = number | { least: number } | null

/** A figure that is the same in every run. @param goal the most it may be */
export function exact(name: string, value: number, unit: string, goal: Goal): Figure {
  return { name, value: round(value), unit, goal: toGoal(goal), isExact: true }
}

/** A figure that depends on timing. */
export function timed(name: string, value: number, unit: string, goal: Goal): Figure {
  return { name, value: round(value), unit, goal: toGoal(goal), isExact: false }
}

export function isReached({ value, goal }: Figure): boolean {
  if (!goal) return true
  return 'most' in goal ? value <= goal.most : value >= goal.least
}

function toGoal(goal: Goal): Figure['goal'] {
  return typeof goal === 'number' ? { most: goal } : goal
}

/** To three decimals, and no more than four digits that mean something. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(4))
}
