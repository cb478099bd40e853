/**
 * Builds the studio page; `npm run build:assets` puts it where the Worker's static assets are served from.
 *
 * Nothing is inlined: the page's content security policy lets no `data:` address through but for
 * pictures of its own making, and no inline script or style.
 */
import { defineConfig } from 'vite'

/** Where `npm run dev` listens. */
const GATEWAY = process.env.GATEWAY ?? 'http://127.0.0.1:8787'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    assetsDir: 'studio',
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/v1': GATEWAY, '/healthz': GATEWAY, '/docs': GATEWAY } },
})
