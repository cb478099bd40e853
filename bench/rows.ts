/** Every row there is, in the order of the tables. */
import type { Row } from './row.ts'
import { inFlight } from './rows/in-flight.ts'
import { callbackTask, polledTask, synchronousTask, webhook } from './rows/one-task.ts'
import { reads } from './rows/reads.ts'

export const ROWS: readonly Row[] = [
  callbackTask,
  synchronousTask,
  webhook,
  polledTask,
  inFlight,
  reads,
]
