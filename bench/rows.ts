/** Every row there is, in the order of the tables. */
import type { Row } from './row.ts'
import { accepting } from './rows/accepting.ts'
import { badNeighbour } from './rows/bad-neighbour.ts'
import { dollars } from './rows/dollars.ts'
import { formMemory } from './rows/form-memory.ts'
import { inFlight } from './rows/in-flight.ts'
import { liveMemory } from './rows/live-memory.ts'
import { newsDelay } from './rows/news-delay.ts'
import { callbackTask, polledTask, synchronousTask, webhook } from './rows/one-task.ts'
import { openaiMemory } from './rows/openai-memory.ts'
import { page } from './rows/page.ts'
import { peer } from './rows/peer.ts'
import { pictureCpu } from './rows/picture-cpu.ts'
import { reads } from './rows/reads.ts'
import { scaling } from './rows/scaling.ts'
import { startUp } from './rows/start-up.ts'

export const ROWS: readonly Row[] = [
  callbackTask,
  synchronousTask,
  webhook,
  polledTask,
  inFlight,
  reads,
  newsDelay,
  badNeighbour,
  accepting,
  pictureCpu,
  liveMemory,
  formMemory,
  openaiMemory,
  startUp,
  page,
  dollars,
  peer,
  scaling,
]
