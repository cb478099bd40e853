/**
 * One run of a task's runner: steps until nothing is due and no slow call is under way.
 *
 * Each call that ends, and each wake that comes meanwhile, is followed by another step.
 */
import { Calls } from './calls'
import { kindOf } from './log'
import type { Ports } from './ports'
import { type StepResult, step } from './step'

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

/** @returns whether the task is over: it will never want a step again. */
export async function run(ports: Ports, taskId: string, wakes: Wakes): Promise<boolean> {
  const calls = new Calls(ports, taskId)
  for (;;) {
    wakes.isPending = false
    const { goOn, isOver } = await tryStep(ports, taskId, calls)
    if (goOn || wakes.isPending) continue
    if (calls.areOver) return isOver
    await Promise.race([calls.next(), wakes.next()])
  }
}

/**
 * A step that fails must not cut off the paid calls beside it: the next wake, or the end of a call,
 * makes up for it. With nothing under way it ends the run, and the platform repeats the alarm.
 */
async function tryStep(ports: Ports, taskId: string, calls: Calls): Promise<StepResult> {
  try {
    return await step(ports, taskId, calls)
  } catch (error) {
    if (calls.areOver) throw error
    ports.log({ event: 'step_failed', task: taskId, reason: kindOf(error) })
    return { goOn: false, isOver: false }
  }
}
