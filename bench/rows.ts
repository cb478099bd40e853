/** Every row there is, in the order of the tables. */
import type { Row } from './row.ts'
import { accepting } from './rows/accepting.ts'
import { inFlight } from './rows/in-flight.ts'
import { callbackTask, polledTask, synchronousTask, webhook } from './rows/one-task.ts'
import { pictureCpu } from './rows/picture-cpu.ts'
import { reads } from './rows/reads.ts'

export const ROWS: readonly Row[] = [
  callbackTask,
  synchronousTask,
  webhook,
  polledTask,
  inFlight,
  reads,
  accepting,
  pictureCpu,
]
