/** The gateway's log as a story for the terminal: a line for each change of a task. */

/** What the gateway logs, as far as it is told here. */
interface LogRecord {
  event: string
  task?: string
  provider?: string
  outcome?: string
  reason?: string
  milliseconds?: number
}

/** Enough of an id to tell tasks of one sitting apart. */
const ID_TAIL = 6

type Narrator = (record: LogRecord) => string | null

const NARRATORS: Record<string, Narrator> = {
  accept: () => 'accepted',
  submit: ({ provider, outcome, milliseconds }) =>
    `submitted to ${provider}: ${outcome}, after ${seconds(milliseconds)}`,
  poll: ({ provider, outcome, reason }) => `asked ${provider}: ${outcome}${because(reason)}`,
  callback: ({ provider }) => `called back by ${provider}`,
  store: ({ outcome, reason, milliseconds }) =>
    `picture ${outcome}${because(reason)}, after ${seconds(milliseconds)}`,
  task: ({ outcome }) => String(outcome),
  deliver: ({ outcome, reason }) => `webhook ${outcome}${because(reason)}`,
  step_failed: ({ reason }) => `a step failed${because(reason)}; it is taken again`,
  deliver_failed: ({ reason }) => `a webhook failed${because(reason)}; it is sent again`,
}

/** What workerd itself reports, such as a failed connection: a place in its code, the reason, a stack. */
const RUNTIME_REPORT = /\.(?:c\+\+|rs):\d+: (?:\w+: )?(.*)/

/**
 * A line for the terminal, or null when there is nothing to tell.
 *
 * @param message one line of the Worker's console, or what the runtime says of itself.
 */
export function narrate(level: string, message: string): string | null {
  const record = readRecord(message)
  const reason = record ? null : RUNTIME_REPORT.exec(message)?.[1]
  if (reason) return `The runtime: ${reason}`
  if (!record) return level === 'error' || level === 'warn' ? message : null
  const line = record.task ? NARRATORS[record.event]?.(record) : null
  if (!line) return null
  const time = new Date().toTimeString().slice(0, 8)
  return `${time}  …${record.task?.slice(-ID_TAIL)}  ${line}`
}

function readRecord(message: string): LogRecord | null {
  if (!message.startsWith('{')) return null
  try {
    const record = JSON.parse(message) as Partial<LogRecord>
    return record.event === undefined ? null : { ...record, event: record.event }
  } catch {
    return null
  }
}

function seconds(milliseconds = 0): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

function because(reason: string | undefined): string {
  return reason ? ` (${reason})` : ''
}
