/** A new key, or another name and other limits for one. */
import { useSignal } from '@preact/signals'
import { ImagegateError, type Key, type KeyRequest } from '../../client/index.ts'
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

/** By the gateway's names, which its errors use. */
const LIMITS = [
  { name: 'daily_usd_limit', label: 'Dollars a day', inputMode: 'decimal', hint: null },
  { name: 'total_usd_limit', label: 'Dollars in all', inputMode: 'decimal', hint: null },
  { name: 'rate_limit_per_minute', label: 'Tasks a minute', inputMode: 'numeric', hint: null },
  {
    name: 'mcp_max_usd',
    label: 'Dollars a task for agents',
    inputMode: 'decimal',
    hint: 'The most that one task made through MCP may cost.',
  },
] as const

type LimitName = (typeof LIMITS)[number]['name']
type Limits = Record<LimitName, number | null>

interface Fault {
  /** The field that it is about, if it is about one. */
  field: LimitName | 'name' | null
  text: string
}

export function KeyForm({ of: key, onDone, onClose }: Props) {
  const name = useSignal(key?.name ?? '')
  const texts = useSignal<Record<LimitName, string>>({
    daily_usd_limit: asText(key?.daily_usd_limit),
    total_usd_limit: asText(key?.total_usd_limit),
    rate_limit_per_minute: asText(key?.rate_limit_per_minute),
    mcp_max_usd: asText(key?.mcp_max_usd),
  })
  const fault = useSignal<Fault | null>(null)

  const save = async () => {
    const wrong = LIMITS.find((limit) => Number.isNaN(numberOf(texts.value[limit.name])))
    if (wrong) {
      fault.value = { field: wrong.name, text: 'A number, like 2.50, or nothing for no limit.' }
      return
    }
    const limits: Limits = {
      daily_usd_limit: numberOf(texts.value.daily_usd_limit),
      total_usd_limit: numberOf(texts.value.total_usd_limit),
      rate_limit_per_minute: numberOf(texts.value.rate_limit_per_minute),
      mcp_max_usd: numberOf(texts.value.mcp_max_usd),
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
      fault.value = faultOf(error)
    }
  }

  const errorOf = (field: Fault['field']) =>
    fault.value?.field === field ? fault.value.text : null

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
          error={errorOf('name')}
          onText={(text) => (name.value = text)}
        />
        {LIMITS.map((limit) => (
          <TextField
            key={limit.name}
            label={limit.label}
            hint={limit.hint}
            inputMode={limit.inputMode}
            placeholder="no limit"
            value={texts.value[limit.name]}
            error={errorOf(limit.name)}
            onText={(text) => {
              texts.value = { ...texts.value, [limit.name]: text }
            }}
          />
        ))}
        {errorOf(null) && (
          <p class="field-error" role="alert">
            {errorOf(null)}
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

function asText(value: number | null | undefined): string {
  return value ? String(value) : ''
}

/** Null for an empty field, NaN for what is no number, which as JSON would be no limit at all. */
function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text.replace(',', '.'))
}

/** In the words of the form. */
function faultOf(error: unknown): Fault {
  const text = messageOf(error)
  const param = error instanceof ImagegateError ? error.param : undefined
  if (param === 'name') return { field: param, text: text.replace(param, 'The name') }
  const limit = LIMITS.find(({ name }) => name === param)
  return limit
    ? { field: limit.name, text: text.replace(limit.name, limit.label) }
    : { field: null, text }
}

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
