/** Starts the page. */
import { render } from 'preact'
import './styles/tokens.css'
import './styles/base.css'
import { App } from './app.tsx'

const place = document.getElementById('studio')
if (place) render(<App />, place)
