/**
 * One run of a task's runner: steps until nothing is due, while submissions are under way.
 *
 * A synchronous provider may take minutes. Its call must not hold up the task's other attempts,
 * so each wake during the run takes another step beside it.
 */
import { type Engine, kindOf } from './engine'
import { step } from './step'

/**
 * New submissions are begun only this early in a run, so that the longest one, and the storing of
 * its picture, still fit into the fifteen minutes that the platform gives an alarm.
 */
const SUBMIT_WINDOW_MS = 60_000

/** The wakes that reach a task while its run is under way. */
export class Wakes {
  isPending = false
  #tell: () => void = () => undefined

  tell(): void {
    this.isPending = true
    this.#tell()
  }

  next(): Promise<void> {
    return this.isPending ? Promise.resolve() : new Promise((resolve) => (this.#tell = resolve))
  }
}

export interface RunResult {
  /** More is due at once, but not in this run. */
  goOn: boolean
  /** The task will never want a step again. */
  isOver: boolean
}

export async function run(engine: Engine, taskId: string, wakes: Wakes): Promise<RunResult> {
  const submitsUntil = engine.now() + SUBMIT_WINDOW_MS
  const slowCalls = new Set<Promise<void>>()
  const begin = (call: Promise<void>) => {
    slowCalls.add(call)
    call.finally(() => slowCalls.delete(call))
  }
  for (;;) {
    wakes.isPending = false
    const maySubmit = engine.now() <= submitsUntil
    const { goOn, isOver } = await tryStep(engine, taskId, maySubmit, begin, slowCalls)
    const isDue = goOn || wakes.isPending
    if (isDue && maySubmit) continue
    if (slowCalls.size === 0) return { goOn: isDue, isOver: isOver && !isDue }
    await Promise.race([...slowCalls, wakes.next()])
  }
}

/**
 * A step that fails must not cut off the paid calls beside it: the next wake, or the end of a call,
 * makes up for it. With nothing under way it ends the run, and the platform repeats the alarm.
 */
async function tryStep(
  engine: Engine,
  taskId: string,
  maySubmit: boolean,
  begin: (call: Promise<void>) => void,
  slowCalls: ReadonlySet<Promise<void>>,
): Promise<RunResult> {
  try {
    return await step(engine, taskId, maySubmit, begin)
  } catch (error) {
    if (slowCalls.size === 0) throw error
    engine.log({ event: 'step_failed', task: taskId, reason: kindOf(error) })
    return { goOn: false, isOver: false }
  }
}
