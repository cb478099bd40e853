/** What the gallery shows, kept in the address bar. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { filter, setFilter } from '../address.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'
import { PROVIDERS, STATUSES } from '../vocabulary.ts'

const PAUSE_MS = 350
const ANY = ''

export function Filters() {
  const { status, provider, q } = filter.value
  const words = useSignal(q ?? '')
  useEffect(() => {
    words.value = q ?? ''
  }, [q])
  useEffect(() => {
    if (words.value === (q ?? '')) return
    const timer = setTimeout(() => change({ q: words.value.trim() }), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [words.value])
  return (
    <search class="filters">
      <div class="filters-search">
        <Icon name="search" />
        <TextField
          label="Search in prompts"
          isLabelHidden
          inputMode="search"
          placeholder="Search in prompts"
          value={words.value}
          onText={(text) => {
            words.value = text
          }}
        />
      </div>
      <SelectField
        label="Status"
        isLabelHidden
        value={status ?? ANY}
        options={[{ value: ANY, text: 'Any status' }, ...STATUSES.map(optionOf)]}
        onChoice={(value) => change({ status: value })}
      />
      <SelectField
        label="Made by"
        isLabelHidden
        value={provider ?? ANY}
        options={[{ value: ANY, text: 'Any provider' }, ...PROVIDERS.map(optionOf)]}
        onChoice={(value) => change({ provider: value })}
      />
    </search>
  )
}

function optionOf<T extends string>(value: T) {
  return { value, text: value }
}

function change(changes: Parameters<typeof setFilter>[0]): void {
  setFilter({ ...filter.value, ...changes })
}
