/** A new key, or another name and other limits for one. */
import { useSignal } from '@preact/signals'
import type { Key, KeyRequest } from '../../client/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { messageOf, notify } from '../parts/notice.tsx'
import { client } from '../session.ts'
import type { Secrets } from './secret.tsx'

interface Props {
  /** Null for a new one. */
  of: Key | null
  /** With what is shown this once, or null where nothing is. */
  onDone(secrets: Secrets | null): void
  onClose(): void
}

const asText = (value: number | null | undefined) => (value ? String(value) : '')

export function KeyForm({ of: key, onDone, onClose }: Props) {
  const name = useSignal(key?.name ?? '')
  const daily = useSignal(asText(key?.daily_usd_limit))
  const total = useSignal(asText(key?.total_usd_limit))
  const rate = useSignal(asText(key?.rate_limit_per_minute))
  const agent = useSignal(asText(key?.mcp_max_usd))
  const fault = useSignal<string | null>(null)

  const save = async () => {
    const limits = {
      daily_usd_limit: numberOf(daily.value),
      total_usd_limit: numberOf(total.value),
      rate_limit_per_minute: numberOf(rate.value),
      mcp_max_usd: numberOf(agent.value),
    }
    try {
      if (key) {
        await client().keys.update(key.id, { name: name.value, ...limits })
        notify('Changed.')
        onDone(null)
      } else {
        const made = await client().keys.create({ name: name.value, ...without(limits) })
        onDone({ title: `Key of ${made.name}`, key: made.key, webhookSecret: made.webhook_secret })
      }
    } catch (error) {
      fault.value = messageOf(error)
    }
  }

  return (
    <Dialog label={key ? `Change ${key.name}` : 'New key'} onClose={onClose}>
      <form
        class="key-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label="Name"
          value={name.value}
          autofocus
          onText={(text) => (name.value = text)}
        />
        <TextField
          label="Dollars a day"
          inputMode="decimal"
          placeholder="no limit"
          value={daily.value}
          onText={(text) => (daily.value = text)}
        />
        <TextField
          label="Dollars in all"
          inputMode="decimal"
          placeholder="no limit"
          value={total.value}
          onText={(text) => (total.value = text)}
        />
        <TextField
          label="Tasks a minute"
          inputMode="numeric"
          placeholder="no limit"
          value={rate.value}
          onText={(text) => (rate.value = text)}
        />
        <TextField
          label="Dollars a task for agents"
          hint="The most that one task made through MCP may cost."
          inputMode="decimal"
          placeholder="no limit"
          value={agent.value}
          onText={(text) => (agent.value = text)}
        />
        {fault.value && (
          <p class="field-error" role="alert">
            {fault.value}
          </p>
        )}
        <div class="dialog-buttons">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" weight="primary">
            {key ? 'Save changes' : 'Make key'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Null for an empty field; what is no number is left to the gateway to refuse. */
function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text.replace(',', '.'))
}

type LimitName = 'daily_usd_limit' | 'total_usd_limit' | 'rate_limit_per_minute' | 'mcp_max_usd'
type Limits = Pick<Key, LimitName>

/** Without nulls, which a new key has anyway. */
function without(limits: Limits): Omit<KeyRequest, 'name'> {
  const { daily_usd_limit: daily, total_usd_limit: total, rate_limit_per_minute: rate } = limits
  const { mcp_max_usd: agent } = limits
  return {
    ...(daily === null ? {} : { daily_usd_limit: daily }),
    ...(total === null ? {} : { total_usd_limit: total }),
    ...(rate === null ? {} : { rate_limit_per_minute: rate }),
    ...(agent === null ? {} : { mcp_max_usd: agent }),
  }
}
