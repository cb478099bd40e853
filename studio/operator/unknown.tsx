/** Attempts of which nobody knows whether they were charged, to be settled by who can look it up. */
import type { Task } from '../../client/index.ts'
import { putTasks } from '../gallery/list.ts'
import { Button } from '../parts/button.tsx'
import { formatPrice, formatTime } from '../parts/format.ts'
import { notify, notifyError } from '../parts/notice.tsx'
import { ProviderName } from '../parts/provider-name.tsx'
import { client } from '../session.ts'
import { CaseTitle } from './case-title.tsx'
import { isUnsettled, unknown, usage } from './data.ts'
import { Section } from './operator.tsx'

export function Unknown() {
  return (
    <Section
      title="Outcome unknown"
      note="Look these up at the provider, and say what its dashboard says"
      of={unknown}
    >
      {(tasks) =>
        tasks.length === 0 ? (
          <p class="soft">None. Every charge is known.</p>
        ) : (
          <ul class="cases">
            {tasks.map((task) => (
              <Case key={task.id} task={task} />
            ))}
          </ul>
        )
      }
    </Section>
  )
}

function Case({ task }: { task: Task }) {
  const attempts = task.attempts.filter(isUnsettled)
  return (
    <li class="case">
      <CaseTitle task={task} />
      {attempts.map((attempt) => (
        <div key={attempt.id} class="case-attempt small">
          <div class="case-facts">
            <ProviderName id={attempt.provider} />
            <span class="soft number">
              {formatTime(attempt.started_at)} · {formatPrice(attempt)}
            </span>
            {attempt.provider_task_id && <code>{attempt.provider_task_id}</code>}
          </div>
          <Settle id={attempt.id} />
        </div>
      ))}
    </li>
  )
}

function Settle({ id }: { id: string }) {
  const settle = async (charged: 'yes' | 'no') => {
    try {
      putTasks([await client().attempts.settleCharge(id, { charged })])
      notify(charged === 'yes' ? 'Counted as charged.' : 'Counted as free.')
      await Promise.all([unknown.load(), usage.load()])
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <div class="case-buttons">
      <Button onClick={() => void settle('yes')}>It was charged</Button>
      <Button onClick={() => void settle('no')}>It was not</Button>
    </div>
  )
}
