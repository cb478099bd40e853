/** Spending per day and provider, as stacked bars and as a table. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { SegmentedField } from '../parts/field.tsx'
import { formatNumber, formatUsd } from '../parts/format.ts'
import { ProviderName } from '../parts/provider-name.tsx'
import { Scroller } from '../parts/scroller.tsx'
import { drawChart } from './chart.ts'
import { usage } from './data.ts'
import { Section } from './operator.tsx'
import { daysShown, type Measure, seriesOf, type UsageFacts } from './spending.ts'

export function SpendingChart() {
  const measure = useSignal<Measure>('usd')
  const hasPrices = usage.value.value?.some((row) => row.usd) ?? true
  return (
    <Section
      title="Spending"
      note={hasPrices ? 'Per day in UTC, the last 30 days' : 'No credit has a price in dollars yet'}
      of={usage}
      action={
        <SegmentedField
          label="Measure"
          isLabelHidden
          value={measure.value}
          options={[
            { value: 'usd', text: 'Dollars' },
            { value: 'images', text: 'Pictures' },
          ]}
          onChoice={(value) => {
            measure.value = value
          }}
        />
      }
    >
      {(rows) => <Chart rows={rows} measure={measure.value} />}
    </Section>
  )
}

/** With as many digits as the steps need, the same for all. */
function formatUsdAxis(values: number[]): string[] {
  const step = (values[1] ?? 1) - (values[0] ?? 0)
  const digits = Math.max(0, Math.ceil(-Math.log10(step) + 0.5))
  return values.map((value) => `$${value.toFixed(digits === 1 ? 2 : digits)}`)
}

/** There are no half pictures. */
function formatAxis(values: number[]): string[] {
  return values.map((value) => (Number.isInteger(value) ? formatNumber(value) : ''))
}

function Chart({ rows, measure }: { rows: readonly UsageFacts[]; measure: Measure }) {
  const place = useRef<HTMLDivElement>(null)
  const days = daysShown(new Date())
  const series = seriesOf(rows, days, measure)
  const format = measure === 'usd' ? formatUsd : formatNumber
  useEffect(() => {
    if (place.current)
      return drawChart(place.current, days, series, measure === 'usd' ? formatUsdAxis : formatAxis)
  }, [rows, measure])
  const paid = days.filter((_, position) => series.some(({ values }) => values[position]))
  return (
    <>
      <div
        ref={place}
        class="chart"
        role="img"
        aria-label="Chart of spending per day and provider"
      />
      <ul class="legend small">
        {series.map(({ provider, values }) => (
          <li key={provider}>
            <ProviderName id={provider} />
            <strong class="number">{format(values.reduce((sum, value) => sum + value, 0))}</strong>
          </li>
        ))}
      </ul>
      <details class="chart-table small">
        <summary>As a table</summary>
        <Scroller class="table-frame" label="Spending as a table">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Day</th>
                {series.map(({ provider }) => (
                  <th key={provider} scope="col">
                    {provider}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {paid.reverse().map((day) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  {series.map(({ provider, values }) => (
                    <td key={provider} class="number">
                      {format(values[days.indexOf(day)] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      </details>
    </>
  )
}
