/** What the operator keeps open: health, money, providers, keys, and what wants a hand. */
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Lightbox } from '../gallery/lightbox.tsx'
import { Button } from '../parts/button.tsx'
import { notify } from '../parts/notice.tsx'
import { loadAll } from './data.ts'
import { Deliveries } from './deliveries.tsx'
import { Figures } from './figures.tsx'
import { Keys } from './keys.tsx'
import { Providers } from './providers.tsx'
import type { Resource } from './resource.ts'
import { SpendingChart } from './spending-chart.tsx'
import { Unknown } from './unknown.tsx'
import './operator.css'

const REFRESH_MS = 30_000

export function Operator() {
  useEffect(() => {
    void loadAll()
    const timer = setInterval(() => {
      if (!document.hidden) void loadAll()
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <main class="operator">
      <div class="operator-head">
        <h1>Operator</h1>
        <Button icon="again" onClick={() => void refresh()}>
          Refresh
        </Button>
      </div>
      <Figures />
      <SpendingChart />
      <Providers />
      <Keys />
      <div class="operator-pair">
        <Unknown />
        <Deliveries />
      </div>
      <Lightbox />
    </main>
  )
}

async function refresh(): Promise<void> {
  const isWhole = await loadAll()
  notify(isWhole ? 'Up to date.' : 'Not everything could be loaded.', !isWhole)
}

interface SectionProps<T> {
  title: string
  note?: ComponentChildren
  action?: ComponentChildren
  of: Resource<T>
  children(value: T): ComponentChildren
}

/** A part of the view, with what is to be said while it is not there. */
export function Section<T>({ title, note, action, of, children }: SectionProps<T>) {
  const value = of.value.value
  const fault = of.fault.value
  return (
    <section class="section" aria-label={title}>
      <div class="section-head">
        <div>
          <h2>{title}</h2>
          {note && <p class="small soft">{note}</p>}
        </div>
        {action}
      </div>
      {fault !== null && (
        <p class="section-fault small" role="alert">
          {fault}
        </p>
      )}
      {value === null ? fault === null && <p class="soft">Loading …</p> : children(value)}
    </section>
  )
}
