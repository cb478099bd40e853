/**
 * The calls of Cloudflare's API that wrangler 4.155 and the deployment scripts make, each with its answer,
 * as seen in wrangler's own code.
 */
import type { CloudflareAccount } from './cloudflare-account.ts'
import { ApiError, type Route } from './cloudflare-call.ts'
import { announceAssets, upload, uploadAssets } from './cloudflare-upload.ts'

const ACCOUNT = /^\/accounts\/\w+/.source
const path = (rest: string) => new RegExp(`${ACCOUNT}${rest}$`)

export const ROUTES: Route[] = [
  ['GET', /^\/user\/tokens\/verify$/, () => ({ id: 'token', status: 'active' })],
  ['GET', /^\/user$/, () => ({ id: 'user', email: 'ann@example.com' })],
  ['GET', /^\/accounts$/, ({ account }) => [{ id: account.id, name: 'Ann' }]],
  [
    'GET',
    /^\/memberships$/,
    ({ account }) => [{ id: 'm', account: { id: account.id, name: 'Ann' }, roles: [] }],
  ],
  [
    'GET',
    path('/workers/subdomain'),
    ({ account }) => {
      if (!account.subdomain) throw new ApiError(404, 10007, 'workers.api.error.not_found')
      return { subdomain: account.subdomain }
    },
  ],
  [
    'PUT',
    path('/workers/subdomain'),
    async ({ account, body }) => {
      const { subdomain } = (await body.json()) as { subdomain: string }
      account.subdomain = subdomain
      return { subdomain }
    },
  ],
  [
    'GET',
    path('/d1/database'),
    ({ account }) =>
      [...account.databases].map(([name, uuid]) => ({ name, uuid, created_at: '2026-11-01' })),
  ],
  [
    'POST',
    path('/d1/database'),
    async ({ account, body }) => {
      const { name } = (await body.json()) as { name: string }
      if (account.databases.has(name))
        throw new ApiError(400, 7502, 'A database of this name exists')
      return { name, uuid: await account.createDatabase(name), version: 'production' }
    },
  ],
  [
    'GET',
    path('/d1/database/([^/]+)'),
    ({ account, part }) => {
      const found = [...account.databases].find((database) => database.includes(part))
      if (!found) throw new ApiError(404, 7404, 'The database was not found')
      return { name: found[0], uuid: found[1] }
    },
  ],
  [
    'POST',
    path('/d1/database/([^/]+)/query'),
    async ({ account, part, body }) => {
      const { sql } = (await body.json()) as { sql: string }
      return account.query(part, sql).catch((error: unknown) => {
        throw new ApiError(400, 7500, String(error))
      })
    },
  ],
  [
    'GET',
    path('/d1/database/[^/]+/time_travel/bookmark'),
    () => ({ bookmark: '00000001-00000002-00004ca8-0123456789abcdef0123456789abcdef' }),
  ],
  [
    'GET',
    path('/r2/buckets'),
    ({ account }) => ({ buckets: [...account.buckets].map((name) => ({ name })) }),
  ],
  [
    'GET',
    path('/r2/buckets/([^/]+)'),
    ({ account, part }) => {
      if (!account.buckets.has(part)) throw new ApiError(404, 10006, 'The bucket does not exist.')
      return { name: part }
    },
  ],
  [
    'POST',
    path('/r2/buckets'),
    async ({ account, body }) => {
      const { name } = (await body.json()) as { name: string }
      if (account.buckets.has(name))
        throw new ApiError(409, 10004, 'The bucket exists, you own it.')
      account.buckets.add(name)
      return { name }
    },
  ],
  [
    'GET',
    path('/workers/services/[^/]+'),
    ({ account }) => {
      if (!account.worker) throw new ApiError(404, 10090, 'workers.api.error.service_not_found')
      return { default_environment: { script: { last_deployed_from: 'wrangler' } } }
    },
  ],
  [
    'GET',
    path('/workers/scripts/[^/]+/settings'),
    ({ account }) => ({
      bindings: needWorker(account).bindings,
    }),
  ],
  [
    'GET',
    path('/workers/scripts/[^/]+/secrets'),
    ({ account }) => {
      needWorker(account)
      return [...account.secrets.keys()].map((name) => ({ name, type: 'secret_text' }))
    },
  ],
  ['POST', path('/workers/scripts/[^/]+/assets-upload-session'), announceAssets],
  ['POST', path('/workers/assets/upload'), uploadAssets],
  ['PUT', path('/workers/scripts/[^/]+'), ({ account, body }) => upload(account, body)],
  [
    'PUT',
    path('/workers/scripts/[^/]+/schedules'),
    async ({ account, body }) => {
      account.crons = ((await body.json()) as Array<{ cron: string }>).map(({ cron }) => cron)
      return { schedules: account.crons }
    },
  ],
  [
    'GET',
    path('/workers/scripts/[^/]+/schedules'),
    ({ account }) => ({
      schedules: account.crons.map((cron) => ({ cron })),
    }),
  ],
  [
    'GET',
    path('/workers/scripts/[^/]+/subdomain'),
    () => ({ enabled: true, previews_enabled: false }),
  ],
  [
    'POST',
    path('/workers/scripts/[^/]+/subdomain'),
    () => ({ enabled: true, previews_enabled: false }),
  ],
  [
    'GET',
    path('/workers/workers/[^/]+'),
    () => ({
      subdomain: { enabled: true, previews_enabled: false },
    }),
  ],
  [
    'GET',
    path('/workers/scripts/[^/]+/(?:deployments|versions)'),
    () => ({
      deployments: [],
      items: [],
    }),
  ],
]

function needWorker(account: CloudflareAccount) {
  if (!account.worker) throw new ApiError(404, 10007, 'This Worker does not exist on your account.')
  return account.worker
}
