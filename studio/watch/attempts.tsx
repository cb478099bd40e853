/** Every submission of a task, in order, and why it moved on. */
import type { Attempt, Task } from '../../client/index.ts'
import { formatPrice, formatSeconds } from '../parts/format.ts'
import { ProviderName } from '../parts/provider-name.tsx'
import { attemptWord, chargeWord } from './reasons.ts'
import './attempts.css'

export function Attempts({ task }: { task: Task }) {
  if (task.attempts.length === 0) return <p class="soft small">None yet.</p>
  return (
    <ol class="attempts">
      {task.attempts.map((attempt, position) => (
        <li key={`${attempt.started_at}-${position}`} class={`attempt attempt-${attempt.status}`}>
          <div class="attempt-head">
            <ProviderName id={attempt.provider} />
            <span class="attempt-word small">{attemptWord(attempt)}</span>
          </div>
          <p class="soft small number">{factsOf(attempt).join(' · ')}</p>
          {attempt.error && <p class="attempt-error small">{attempt.error.message}</p>}
        </li>
      ))}
    </ol>
  )
}

function factsOf(attempt: Attempt): string[] {
  const { started_at: start, ended_at: end } = attempt
  const seconds = end === null ? null : (Date.parse(end) - Date.parse(start)) / 1000
  return [
    seconds === null ? null : formatSeconds(seconds),
    formatPrice(attempt),
    chargeWord(attempt),
  ].filter((fact) => fact !== null)
}
