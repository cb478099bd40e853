/**
 * What is looked at after every write: a terminal status stays, an open task has a due time, and
 * every task is over by its deadline.
 *
 * A task may end later than its deadline only by what the cron needs: a pass about every second,
 * and a settle that repeats itself. Each fault that strikes the cron around then may cost the rest
 * of its minute, thirty seconds of hanging and one due interval; a wake that is slow or fails, the
 * five seconds that the sweep waits for it; nothing else may cost anything.
 */
import type { Strike } from '../world/stage'
import type { World } from '../world/world'

const SLACK_MS = 5_000
const SLACK_PER_CRON_FAULT_MS = 120_000
const SLACK_PER_WAKE_FAULT_MS = 7_000
const FAULTS_COUNT_BEFORE_MS = 60_000
const TERMINAL = ['succeeded', 'failed', 'canceled']

interface TaskRow {
  id: string
  status: string
  due_at: number | null
  deadline_at: number
}

interface Seen {
  status: string
  /** Its deadline, or when its row came if an insert took longer than that. */
  dueBy: number
  terminalAt: number | null
}

export class Watch {
  readonly #world: World
  readonly #seen = new Map<string, Seen>()

  constructor(world: World) {
    this.#world = world
    world.onWrite(() => this.#look())
  }

  statuses(): string[] {
    return [...this.#seen.values()].map(({ status }) => status)
  }

  /** What can be said only at the end. */
  checkDeadlines(): void {
    for (const [id, { dueBy, terminalAt, status }] of this.#seen) {
      if (terminalAt === null) {
        this.#world.violate(`deadline: ${id} is still ${status} after seven days`)
      } else if (terminalAt - dueBy > this.#slackMs(dueBy, terminalAt)) {
        this.#world.violate(`deadline: ${id} ended ${terminalAt - dueBy} ms late`)
      }
    }
  }

  #slackMs(dueBy: number, terminalAt: number): number {
    const since = dueBy - FAULTS_COUNT_BEFORE_MS
    const faults = this.#world.strikes.filter(({ time }) => time >= since && time <= terminalAt)
    return faults.reduce((sum, strike) => sum + slackFor(strike), SLACK_MS)
  }

  #look(): void {
    const rows = this.#world.database.look<TaskRow>(
      'select id, status, due_at, deadline_at from tasks',
    )
    for (const row of rows) {
      const isTerminal = TERMINAL.includes(row.status)
      const before = this.#seen.get(row.id)
      if (!isTerminal && row.due_at === null) {
        this.#world.violate(`due time: ${row.id} is ${row.status} without one`)
      }
      if (before?.terminalAt != null && before.status !== row.status) {
        this.#world.violate(`terminal: ${row.id} went from ${before.status} to ${row.status}`)
      }
      if (before?.status === row.status) continue
      this.#world.note(`${row.id} is ${row.status}`)
      this.#seen.set(row.id, {
        status: row.status,
        dueBy: before?.dueBy ?? Math.max(row.deadline_at, this.#world.clock.now()),
        terminalAt: isTerminal ? this.#world.clock.now() : null,
      })
    }
  }
}

function slackFor({ actor, port, fault }: Strike): number {
  if (actor === 'wake') return SLACK_PER_WAKE_FAULT_MS
  if (actor !== 'cron') return 0
  const isWaitedFor = port === 'wake' && !fault.startsWith('crash')
  return isWaitedFor ? SLACK_PER_WAKE_FAULT_MS : SLACK_PER_CRON_FAULT_MS
}
