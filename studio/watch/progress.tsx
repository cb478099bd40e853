/** How long a task has been running, against what its provider usually takes. */
import type { Task } from '../../client/index.ts'
import { medianOf } from '../catalogue.ts'
import { formatSeconds, secondsOf } from '../parts/format.ts'
import { nowMs } from './clock.ts'
import './progress.css'

export function Progress({ task }: { task: Task }) {
  const seconds = secondsOf(task, nowMs.value)
  const median = medianOf(task.provider)
  const share = shareOf(seconds, median)
  return (
    <div class="progress">
      <div
        class="progress-track"
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <div class="progress-bar" style={{ transform: `scaleX(${share})` }} />
      </div>
      <p class="progress-text small number">
        {formatSeconds(seconds)}
        {median !== null && <span class="soft"> of usually {formatSeconds(median)}</span>}
      </p>
    </div>
  )
}

/** Where the bar stands at the median; the rest is crept through, for it may take longer. */
const SHARE_AT_MEDIAN = 0.8
/** Without a median. */
const GUESS_SECONDS = 30

function shareOf(seconds: number, median: number | null): number {
  const usual = median ?? GUESS_SECONDS
  if (seconds <= usual) return (seconds / usual) * SHARE_AT_MEDIAN
  return 1 - (1 - SHARE_AT_MEDIAN) * Math.exp(-(seconds - usual) / usual)
}
