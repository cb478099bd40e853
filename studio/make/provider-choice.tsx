/** Who makes it: each provider with its price, or with the reason why it can't. */
import { useId } from 'preact/hooks'
import type { ProviderId, Quote } from '../../client/index.ts'
import { medianOf, providers } from '../catalogue.ts'
import { formatPrice, formatSeconds } from '../parts/format.ts'
import { ProviderDot } from '../parts/provider-name.tsx'
import { draft, edit } from './draft.ts'
import { isQuoting, quotes } from './quotes.ts'

export function ProviderChoice() {
  const name = useId()
  const { provider } = draft.value
  const first = quotes.value.find((quote) => quote.eligible)
  return (
    <fieldset class="field" aria-busy={isQuoting.value}>
      <legend class="field-label">Provider</legend>
      <div class={isQuoting.value ? 'choices is-stale' : 'choices'}>
        <Choice
          name={name}
          value="auto"
          isChosen={provider === 'auto'}
          title="Auto"
          note={first ? `first ${first.provider}, then the next` : 'the first that can'}
          price={first ? formatPrice(first) : ''}
        />
        {rows().map(({ id, quote }) => (
          <Choice
            key={id}
            name={name}
            value={id}
            isChosen={provider === id}
            title={id}
            note={noteOf(id, quote)}
            price={quote?.eligible ? formatPrice(quote) : ''}
            isUnable={quote?.eligible === false}
          />
        ))}
      </div>
    </fieldset>
  )
}

/** In the order in which they would be tried; the enabled ones while there are no quotes. */
function rows(): Array<{ id: ProviderId; quote: Quote | null }> {
  if (quotes.value.length > 0) return quotes.value.map((quote) => ({ id: quote.provider, quote }))
  return providers.value.filter(({ enabled }) => enabled).map(({ id }) => ({ id, quote: null }))
}

function noteOf(id: ProviderId, quote: Quote | null): string {
  if (quote?.eligible === false) return quote.reason ?? 'can’t make this'
  const median = medianOf(id)
  return median === null ? '' : `usually ${formatSeconds(median)}`
}

interface ChoiceProps {
  name: string
  value: ProviderId | 'auto'
  isChosen: boolean
  title: string
  note: string
  price: string
  isUnable?: boolean
}

function Choice({ name, value, isChosen, title, note, price, isUnable = false }: ChoiceProps) {
  return (
    <label class={isUnable ? 'choice is-unable' : 'choice'}>
      <input
        type="radio"
        name={name}
        value={value}
        checked={isChosen}
        onChange={() => edit({ provider: value })}
      />
      <ProviderDot id={value} />
      <span class="choice-text">
        <span class="choice-title">{title}</span>
        {note && <span class="choice-note small">{note}</span>}
      </span>
      <span class="choice-price number">{price}</span>
    </label>
  )
}
