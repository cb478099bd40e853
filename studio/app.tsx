/** The page: a head, and one of the views. */
import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { addressOfView, setView, type View, view } from './address.ts'
import { keepCatalogue } from './catalogue.ts'
import { Filters } from './gallery/filters.tsx'
import { Gallery } from './gallery/gallery.tsx'
import { Lightbox } from './gallery/lightbox.tsx'
import { keepList } from './gallery/list.ts'
import { Selection } from './gallery/selection.tsx'
import icon from './icon.svg'
import { Form } from './make/form.tsx'
import { keepQuotes } from './make/quotes.ts'
import { IconButton } from './parts/button.tsx'
import { messageOf, Notices } from './parts/notice.tsx'
import { apiKey, forgetKey, isOperator } from './session.ts'
import { keepClock } from './watch/clock.ts'
import { keepWatch } from './watch/streams.ts'
import { Welcome } from './welcome/welcome.tsx'
import './app.css'

export function App() {
  useEffect(() => {
    const stops = [keepCatalogue(), keepList(), keepWatch(), keepClock(), keepQuotes()]
    return () => {
      for (const stop of stops) stop()
    }
  }, [])
  return (
    <>
      <Head />
      {apiKey.value === null ? <Welcome /> : <Views />}
      <Notices />
    </>
  )
}

function Head() {
  return (
    <header class="head">
      <a class="brand" href={addressOfView('studio')} onClick={(event) => follow(event, 'studio')}>
        <img src={icon} alt="" width={28} height={28} />
        <span class="brand-name">imagegate</span>
      </a>
      <nav class="nav" aria-label="Views">
        {isOperator.value && (
          <>
            <NavLink to="studio">Pictures</NavLink>
            <NavLink to="operator">Operator</NavLink>
          </>
        )}
        <a class="nav-link" href="/docs">
          API
        </a>
      </nav>
      {apiKey.value !== null && (
        <div class="head-key">
          <span class="small soft number">
            {isOperator.value ? 'Operator' : masked(apiKey.value)}
          </span>
          <IconButton icon="leave" label="Forget the key" onClick={forgetKey} />
        </div>
      )}
    </header>
  )
}

function NavLink({ to, children }: { to: View; children: string }) {
  return (
    <a
      class="nav-link"
      href={addressOfView(to)}
      aria-current={view.value === to ? 'page' : undefined}
      onClick={(event) => follow(event, to)}
    >
      {children}
    </a>
  )
}

/** Without loading the page anew, unless a new tab is wanted. */
function follow(event: MouseEvent, to: View): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  setView(to)
}

function masked(key: string): string {
  return `${key.slice(0, 3)}…${key.slice(-4)}`
}

function Views() {
  return view.value === 'operator' && isOperator.value ? <LazyOperator /> : <Studio />
}

function Studio() {
  return (
    <main class="studio">
      <h1 class="visually-hidden">Studio</h1>
      <div class="studio-make">
        <Form />
      </div>
      <div class="studio-gallery">
        <Filters />
        <Gallery />
        <Selection />
      </div>
      <Lightbox />
    </main>
  )
}

/** Charts and tables come only to those who open them. */
const operatorView = signal<ComponentType | string | null>(null)

function LazyOperator() {
  useEffect(() => {
    import('./operator/operator.tsx')
      .then(({ Operator }) => {
        operatorView.value = () => <Operator />
      })
      .catch((error: unknown) => {
        operatorView.value = messageOf(error)
      })
  }, [])
  const { value: View } = operatorView
  if (typeof View === 'string') return <p role="alert">{View}</p>
  return View && <View />
}
