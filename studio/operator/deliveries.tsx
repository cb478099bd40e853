/** Webhooks that did not arrive, as far back as was looked. */
import { useSignal } from '@preact/signals'
import { Button } from '../parts/button.tsx'
import { count, formatTime } from '../parts/format.ts'
import { notify, notifyError } from '../parts/notice.tsx'
import { client } from '../session.ts'
import { CaseTitle } from './case-title.tsx'
import { keys } from './data.ts'
import { Section } from './operator.tsx'
import { type FailedDelivery, type Look, lookFurtherBack, webhooks } from './webhooks.ts'

export function Deliveries() {
  const look = webhooks.value.value
  return (
    <Section title="Failed webhooks" note={look ? stretchOf(look) : null} of={webhooks}>
      {({ failed, isWhole }) => (
        <>
          {failed.length === 0 && (
            <p class="soft">{isWhole ? 'None. Every webhook arrived.' : 'None among these.'}</p>
          )}
          {failed.length > 0 && (
            <ul class="cases">
              {failed.map((one) => (
                <Case key={one.delivery.id} {...one} />
              ))}
            </ul>
          )}
          {!isWhole && <FurtherButton />}
        </>
      )}
    </Section>
  )
}

/** What was looked at, for the gateway keeps no list of what failed. */
function stretchOf({ tasks, since, isWhole }: Look): string {
  if (isWhole || since === null) return `Of all ${count(tasks, 'task')}`
  return `Of the newest ${count(tasks, 'task')}, back to ${formatTime(since)}`
}

function FurtherButton() {
  const isLooking = useSignal(false)
  const look = async () => {
    isLooking.value = true
    await lookFurtherBack().catch(notifyError)
    isLooking.value = false
  }
  return (
    <Button class="section-more" disabled={isLooking.value} onClick={() => void look()}>
      {isLooking.value ? 'Looking …' : 'Look further back'}
    </Button>
  )
}

function Case({ task, delivery }: FailedDelivery) {
  const owner = keys.value.value?.find(({ id }) => id === task.key_id)
  const redeliver = async () => {
    try {
      await client().tasks.redeliver(task.id, delivery.id)
      notify('It is sent again, and tried for a day.')
      await webhooks.load()
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <li class="case">
      <CaseTitle task={task} />
      <div class="case-facts small">
        <span>
          {delivery.event}
          {owner && <span class="soft"> · {owner.name}</span>}
        </span>
        <span class="soft">
          {count(delivery.tries, 'try', 'tries')} ·{' '}
          {delivery.error ?? `HTTP ${delivery.response_status}`} ·{' '}
          {delivery.next_try_at ? `next ${formatTime(delivery.next_try_at)}` : 'given up'}
        </span>
        <span class="soft truncate">{task.request.callback_url}</span>
      </div>
      <div class="case-buttons">
        <Button onClick={() => void redeliver()}>Redeliver</Button>
      </div>
    </li>
  )
}
