/** How each provider has been doing in the last day. */
import type { Provider } from '../../client/index.ts'
import { formatClock, formatNumber, formatPercent, formatSeconds } from '../parts/format.ts'
import { ProviderName } from '../parts/provider-name.tsx'
import { Scroller } from '../parts/scroller.tsx'
import { providerFacts } from './data.ts'
import { Section } from './operator.tsx'

export function Providers() {
  return (
    <Section title="Providers" note="The last day" of={providerFacts}>
      {(list) => (
        <Scroller class="table-frame" label="Table of providers">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Provider</th>
                <th scope="col">Succeeded</th>
                <th scope="col">Median</th>
                <th scope="col">95 of 100 within</th>
                <th scope="col">Breaker</th>
                <th scope="col">Balance</th>
                <th scope="col">Wrong size</th>
              </tr>
            </thead>
            <tbody>
              {list.map((provider) => (
                <Row key={provider.id} provider={provider} />
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
    </Section>
  )
}

const NOTHING = '–'
const RATE_GOOD = 0.9

function Row({ provider }: { provider: Provider }) {
  const { success_rate: rate, balance } = provider
  return (
    <tr class={provider.enabled ? '' : 'is-off'}>
      <th scope="row">
        <ProviderName id={provider.id} />
        {!provider.enabled && <span class="soft small"> no key set</span>}
      </th>
      <td class="number">
        {rate === null ? (
          NOTHING
        ) : (
          <span class={rate >= RATE_GOOD ? 'tag tag-good' : 'tag tag-bad'}>
            {formatPercent(rate)}
          </span>
        )}
      </td>
      <td class="number">{seconds(provider.median_seconds)}</td>
      <td class="number">{seconds(provider.p95_seconds)}</td>
      <td>
        {provider.breaker.state === 'open' ? (
          <span class="tag tag-bad">
            open
            {provider.breaker.open_until && ` until ${formatClock(provider.breaker.open_until)}`}
          </span>
        ) : (
          <span class="tag tag-good">closed</span>
        )}
      </td>
      <td class="number">
        {balance === null || balance === undefined ? NOTHING : `${formatNumber(balance)} credits`}
      </td>
      <td class="number">
        {provider.size_mismatch_rate === null
          ? NOTHING
          : formatPercent(provider.size_mismatch_rate)}
      </td>
    </tr>
  )
}

function seconds(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : formatSeconds(value)
}
