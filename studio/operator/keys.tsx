/** Client keys: what each spent against its limits; make, change, rotate, revoke. */
import { useSignal } from '@preact/signals'
import type { Key } from '../../client/index.ts'
import { Button } from '../parts/button.tsx'
import { formatTime, formatUsd } from '../parts/format.ts'
import { notify, notifyError } from '../parts/notice.tsx'
import { client } from '../session.ts'
import { keys, usage } from './data.ts'
import { KeyForm } from './key-form.tsx'
import { Section } from './operator.tsx'
import { Secret, type Secrets } from './secret.tsx'
import { monthOfKey } from './spending.ts'

export function Keys() {
  const form = useSignal<{ key: Key | null } | null>(null)
  const secrets = useSignal<Secrets | null>(null)
  const show = (next: Secrets | null) => {
    form.value = null
    secrets.value = next
    void keys.load()
  }
  return (
    <Section
      title="Keys"
      note="Money reserved or charged; days are in UTC"
      of={keys}
      action={
        <Button
          weight="primary"
          icon="plus"
          onClick={() => {
            form.value = { key: null }
          }}
        >
          New key
        </Button>
      }
    >
      {(list) => (
        <>
          {list.length === 0 && <p class="soft">There is none yet.</p>}
          <ul class="keys">
            {list.map((key) => (
              <KeyRow
                key={key.id}
                of={key}
                onChange={() => {
                  form.value = { key }
                }}
                onSecrets={show}
              />
            ))}
          </ul>
          {form.value && (
            <KeyForm
              of={form.value.key}
              onDone={show}
              onClose={() => {
                form.value = null
              }}
            />
          )}
          {secrets.value && (
            <Secret
              secrets={secrets.value}
              onClose={() => {
                secrets.value = null
              }}
            />
          )}
        </>
      )}
    </Section>
  )
}

interface RowProps {
  of: Key
  onChange(): void
  onSecrets(secrets: Secrets): void
}

function KeyRow({ of: key, onChange, onSecrets }: RowProps) {
  const isSure = useSignal(false)
  const rotate = async () => {
    try {
      const rotated = await client().keys.rotate(key.id)
      onSecrets({
        title: `New key of ${key.name}`,
        key: rotated.key,
        until: rotated.previous_until,
      })
    } catch (error) {
      notifyError(error)
    }
  }
  const revoke = async () => {
    try {
      await client().keys.delete(key.id)
      notify(`The key of ${key.name} works no more.`)
      await keys.load()
    } catch (error) {
      notifyError(error)
    }
  }
  const spentThisMonth = monthOfKey(usage.value.value ?? [], key.id, new Date())
  return (
    <li class="key">
      <div class="key-name">
        <h3 class="truncate">{key.name}</h3>
        <p class="small soft">
          {key.last_used_at ? `used ${formatTime(key.last_used_at)}` : 'never used'}
          {key.rate_limit_per_minute !== null && ` · ${key.rate_limit_per_minute} a minute`}
          {key.mcp_max_usd !== null && ` · agents: ${formatUsd(key.mcp_max_usd)} a task`}
        </p>
      </div>
      <Spent name="Today" usd={key.daily_usd} limit={key.daily_usd_limit} />
      <Spent
        name="In all"
        usd={key.total_usd_limit === null ? null : key.total_usd}
        limit={key.total_usd_limit}
      />
      <p class="key-month small">
        <span class="soft">This month</span> <span class="number">{formatUsd(spentThisMonth)}</span>
      </p>
      <div class="key-buttons">
        <Button onClick={onChange}>Change</Button>
        <Button icon="again" onClick={() => void rotate()}>
          Rotate
        </Button>
        <Button
          weight="danger"
          onBlur={() => {
            isSure.value = false
          }}
          onClick={() => {
            if (isSure.value) void revoke()
            isSure.value = !isSure.value
          }}
        >
          {isSure.value ? 'Really?' : 'Revoke'}
        </Button>
      </div>
    </li>
  )
}

const SHARE_HIGH = 0.8

function Spent({ name, usd, limit }: { name: string; usd: number | null; limit: number | null }) {
  const share = limit === null || usd === null ? 0 : Math.min(1, usd / limit)
  return (
    <div class="spent small">
      <p>
        <span class="soft">{name}</span>{' '}
        <span class="number">
          {limit === null ? 'no limit' : `${formatUsd(usd ?? 0)} of ${formatUsd(limit)}`}
        </span>
      </p>
      {limit !== null && (
        <div class={share > SHARE_HIGH ? 'meter is-high' : 'meter'}>
          <div style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
    </div>
  )
}
