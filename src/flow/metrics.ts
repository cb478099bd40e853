/**
 * Some lines of the log as points of Workers Analytics Engine, for whoever binds `METRICS`.
 *
 * A fixed few: what was sent and heard, stored and delivered, and how attempts and tasks ended. Nothing is
 * waited for, and no fault of it reaches the task.
 */
import { kindOf, type LogRecord, writeLog } from './log'

/** What stands in `blob1`, `blob2` …; what a line does not have is empty. Only ever add at the end. */
export const BLOBS = ['event', 'provider', 'outcome', 'reason'] as const
/** What stands in `double1`. */
export const DOUBLES = ['milliseconds'] as const

const EVENTS: readonly string[] = ['submit', 'poll', 'store', 'deliver', 'attempt', 'task']
/** Far below what a point may hold. */
const BLOB_LENGTH_MAX = 200

/** Null for a line that is not counted, such as a task that began. */
export function pointOf(record: LogRecord): AnalyticsEngineDataPoint | null {
  if (!EVENTS.includes(record.event) || record.milliseconds === undefined) return null
  return {
    // What is thinned out where there is much of it.
    indexes: [record.event],
    blobs: BLOBS.map((name) => (record[name] ?? '').slice(0, BLOB_LENGTH_MAX)),
    doubles: DOUBLES.map((name) => record[name] ?? 0),
  }
}

export function writePoint(dataset: AnalyticsEngineDataset, record: LogRecord): void {
  const point = pointOf(record)
  if (!point) return
  try {
    dataset.writeDataPoint(point)
  } catch (error) {
    writeLog({ event: 'metrics_failed', reason: kindOf(error) })
  }
}
