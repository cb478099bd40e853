/** Webhooks that did not arrive. */
import { titleOf } from '../gallery/card.tsx'
import { Button } from '../parts/button.tsx'
import { count, formatTime } from '../parts/format.ts'
import { notify, notifyError } from '../parts/notice.tsx'
import { client } from '../session.ts'
import { type FailedDelivery, failedDeliveries } from './data.ts'
import { Section } from './operator.tsx'

export function Deliveries() {
  return (
    <Section title="Failed webhooks" note="Of the 100 newest tasks" of={failedDeliveries}>
      {(list) =>
        list.length === 0 ? (
          <p class="soft">None. Every webhook arrived.</p>
        ) : (
          <ul class="cases">
            {list.map((failed) => (
              <Case key={failed.delivery.id} {...failed} />
            ))}
          </ul>
        )
      }
    </Section>
  )
}

function Case({ task, delivery }: FailedDelivery) {
  const redeliver = async () => {
    try {
      await client().tasks.redeliver(task.id, delivery.id)
      notify('On its way again.')
      await failedDeliveries.load()
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <li class="case">
      <p class="case-title truncate">{titleOf(task)}</p>
      <div class="case-attempt small">
        <div class="case-facts">
          <span>{delivery.event}</span>
          <span class="soft">
            {count(delivery.tries, 'try', 'tries')} ·{' '}
            {delivery.error ?? `HTTP ${delivery.response_status}`}
            {delivery.next_try_at && ` · next ${formatTime(delivery.next_try_at)}`}
          </span>
          <span class="soft truncate">{task.request.callback_url}</span>
        </div>
        <div class="case-buttons">
          <Button icon="again" onClick={() => void redeliver()}>
            Redeliver
          </Button>
        </div>
      </div>
    </li>
  )
}
