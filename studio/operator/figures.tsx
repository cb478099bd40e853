/** The few numbers that say whether all is well. */
import type { ComponentChildren } from 'preact'
import { count, formatSeconds, formatUsd } from '../parts/format.ts'
import { health, unknown, usage } from './data.ts'
import type { Month } from './spending.ts'
import { monthOf } from './spending.ts'
import { webhooks } from './webhooks.ts'

/** The cron runs every minute; one run may be late. */
const SWEEP_LATE_SECONDS = 150

export function Figures() {
  const now = new Date()
  const look = webhooks.value.value
  const month = usage.value.value && monthOf(usage.value.value, now)
  return (
    <ul class="figures">
      <SweepFigure />
      <Figure
        name="This month"
        value={month ? formatUsd(month.usd) : '…'}
        note={month && noteOf(month)}
      />
      <Figure
        name="By the month’s end"
        value={month ? formatUsd(month.expectedUsd) : '…'}
        note="if it goes on like this"
      />
      <Figure
        name="Outcome unknown"
        value={String(unknown.value.value?.length ?? '…')}
        note="tasks to settle"
        isBad={(unknown.value.value?.length ?? 0) > 0}
      />
      <Figure
        name="Failed webhooks"
        value={look ? String(look.failed.length) : '…'}
        note={look && `of ${look.isWhole ? 'all' : 'the newest'} ${count(look.tasks, 'task')}`}
        isBad={(look?.failed.length ?? 0) > 0}
      />
    </ul>
  )
}

function noteOf({ images, unpriced }: Month): string {
  const pictures = count(images, 'picture')
  return unpriced.length === 0 ? pictures : `${pictures}; no dollar price: ${unpriced.join(', ')}`
}

function SweepFigure() {
  const facts = health.value.value
  if (health.fault.value !== null)
    return <Figure name="Gateway" value="not well" note={health.fault.value} isBad />
  if (!facts) return <Figure name="Gateway" value="…" note="asking" />
  const { last_sweep_seconds: sweep, version } = facts
  if (sweep === null)
    return <Figure name="Gateway" value={facts.status} note={`version ${version}`} />
  return (
    <Figure
      name="Last sweep"
      value={`${formatSeconds(sweep)} ago`}
      note={`version ${version}`}
      isBad={sweep > SWEEP_LATE_SECONDS}
    />
  )
}

interface FigureProps {
  name: string
  value: string
  note: ComponentChildren
  isBad?: boolean
}

function Figure({ name, value, note, isBad = false }: FigureProps) {
  return (
    <li class={isBad ? 'figure is-bad' : 'figure'}>
      <span class="figure-name small">{name}</span>
      <span class="figure-value number">{value}</span>
      <span class="figure-note small soft">{note}</span>
    </li>
  )
}
