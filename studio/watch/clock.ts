/** The time of day as a signal, which ticks only while something is running. */
import { effect, signal } from '@preact/signals'
import { running } from '../gallery/list.ts'

const TICK_MS = 200

export const nowMs = signal(Date.now())

export function keepClock(): () => void {
  return effect(() => {
    if (running.value.length === 0) return
    const tick = () => {
      nowMs.value = Date.now()
    }
    tick()
    const timer = setInterval(tick, TICK_MS)
    return () => clearInterval(timer)
  })
}
