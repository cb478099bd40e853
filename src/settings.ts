/**
 * The Worker's bindings, turned into checked settings once.
 *
 * A bad setting is reported by its name; nothing runs until it is mended.
 */
import * as z from 'zod'
import { type AddressPolicy, refuseAddress } from './core/address'
import { type ModelAliases, parseModelAliases } from './core/model-alias'
import type { News } from './core/news'
import { PROVIDER_IDS, type ProviderId, settingPrefix } from './core/request'
import { PROVIDERS } from './providers'

/** What others may ask of a task's runner; `runner.ts` says what each does. */
export interface TaskRunnerRpc extends Rpc.DurableObjectBranded {
  wake(taskId: string, news: News): Promise<void>
}

/** What `wrangler.toml`, `.dev.vars` and `wrangler secret` bind. Every value is a string. */
export interface Env {
  DB: D1Database
  OUTPUTS: R2Bucket
  /** Without it no renditions are made. */
  IMAGES?: ImagesBinding
  /** Without it nothing is counted. */
  METRICS?: AnalyticsEngineDataset
  RUNNER: DurableObjectNamespace<TaskRunnerRpc>
  [setting: string]: unknown
}

/** How one provider is reached and priced; `apiKey` is null while the provider is disabled. */
export interface ProviderSettings {
  apiKey: string | null
  baseUrl: string
  creditUsd: number | null
}

export interface Settings {
  /** Without trailing slash. */
  publicUrl: string
  adminToken: string
  /** The first one signs, all of them verify. */
  signingSecrets: [string, ...string[]]
  providers: Record<ProviderId, ProviderSettings>
  providerOrder: ProviderId[]
  taskDeadlineSeconds: number
  tickSeconds: number
  outputUrlTtlSeconds: number
  /** Age at which outputs and uploads are deleted; 0 = never. */
  retentionDays: number
  maxOutputBytes: number
  modelAliases: ModelAliases
  /** What the addresses of clients' uploads begin with. */
  uploadsUrl: string
  /** For addresses that clients name: only `PRIVATE_HOSTS` are let through. */
  clientAddresses: AddressPolicy
  /** For reference images: the uploads that clients put here may be named too. */
  imageAddresses: AddressPolicy
  /** For output downloads: the origins of the providers' base URLs are trusted too. */
  downloadAddresses: AddressPolicy
}

/** Where clients' uploads are, for providers to fetch. */
const UPLOADS_PATH = '/v1/uploads/'

export class SettingsError extends Error {}

/** A setting's value, '' when it is unset. White space around it is not meant: what was piped or pasted has some. */
export function settingIn(env: Env, name: string): string {
  return String(env[name] ?? '').trim()
}

const cache = new WeakMap<Env, { learnedUrl: string | null; settings: Settings }>()

/**
 * @param learnedUrl stands in for a `PUBLIC_URL` that is not set; see {@link originToLearn}.
 * @throws SettingsError naming the first bad setting and what it should be.
 */
export function readSettings(env: Env, learnedUrl: string | null = null): Settings {
  const known = cache.get(env)
  if (known?.learnedUrl === learnedUrl) return known.settings
  const settings = parseSettings(env, learnedUrl)
  cache.set(env, { learnedUrl, settings })
  return settings
}

/**
 * The origin that a request may teach a gateway whose `PUBLIC_URL` is not set, or null.
 *
 * Only to be asked for a request that has proved itself with the admin token: the host in a request
 * is its sender's word, and provider callbacks and picture addresses will lead there.
 */
export function originToLearn(env: Env, requestUrl: string): string | null {
  if (settingIn(env, 'PUBLIC_URL')) return null
  const { origin } = new URL(requestUrl)
  return refuseAddress(origin, addressPolicyOf(splitList(settingIn(env, 'PRIVATE_HOSTS'))))
    ? null
    : origin
}

/** Secrets that stand in a public repository end like this. */
const EXAMPLE_SECRET = /not-for-production$/
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * Why a secret may not be used, or null: whoever reads the repository knows its examples, so they
 * are good only for a gateway that nobody else can reach.
 */
export function refuseSecret(secret: string, publicUrl: string | null): string | null {
  const isLocal = publicUrl !== null && LOOPBACK_HOST.test(new URL(publicUrl).hostname)
  if (isLocal || !EXAMPLE_SECRET.test(secret)) return null
  return 'is an example that everybody knows; make one up, for instance with `openssl rand -base64 48`'
}

const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)

const baseUrlSchema = z.string().refine(isBaseUrl, {
  error: 'must be an http or https URL without user, query or fragment',
  abort: true,
})

/** What a header can carry. */
const headerTextSchema = z.string().regex(/^[!-~]+$/, 'must be printable ASCII without spaces')

const schema = z.object({
  PUBLIC_URL: baseUrlSchema
    .refine(
      (url) => new URL(url).pathname === '/',
      'must have no path: everything is served from the root of its host',
    )
    .optional(),
  ADMIN_TOKEN: headerTextSchema.min(24, 'must have at least 24 characters'),
  SIGNING_SECRET: z.string().min(32, 'must have at least 32 characters'),
  SIGNING_SECRET_PREVIOUS: z.string().min(32, 'must have at least 32 characters').optional(),
  PROVIDER_ORDER: z
    .string()
    .transform(splitList)
    .pipe(
      z
        .array(z.enum(PROVIDER_IDS))
        .min(1, 'names no provider')
        .refine(hasNoDuplicates, 'names a provider twice'),
    )
    .default([...PROVIDER_IDS]),
  TASK_DEADLINE_SECONDS: whole(900, 1, 3600),
  TICK_SECONDS: whole(60, 0, 600),
  OUTPUT_URL_TTL_SECONDS: whole(86_400, 1, 31_536_000),
  RETENTION_DAYS: whole(0, 0, 36_500),
  MAX_OUTPUT_BYTES: whole(52_428_800, 1, 104_857_600),
  MODEL_ALIASES: z.string().transform(splitList).transform(toAliases).default(new Map()),
  PRIVATE_HOSTS: z.string().transform(splitList).default([]),
})

/** Behind the provider's prefix. */
const providerSchema = z.object({
  API_KEY: headerTextSchema.optional(),
  BASE_URL: baseUrlSchema.optional(),
  CREDIT_USD: z.coerce.number<string>().positive().optional(),
})

function parseSettings(env: Env, learnedUrl: string | null): Settings {
  const values = check(schema, env)
  const ownUrl = values.PUBLIC_URL ?? learnedUrl
  for (const name of ['ADMIN_TOKEN', 'SIGNING_SECRET'] as const) {
    const refusal = refuseSecret(values[name], ownUrl)
    if (refusal) throw new SettingsError(`${name}: ${refusal}.`)
  }
  if (ownUrl === null) {
    throw new SettingsError(
      'PUBLIC_URL: is not set. It is learned from the first request with the admin token; make one at the address that the gateway is to have.',
    )
  }
  const providers = Object.fromEntries(
    PROVIDER_IDS.map((id) => [id, parseProvider(env, id)]),
  ) as Record<ProviderId, ProviderSettings>
  const configured = addressPolicyOf(values.PRIVATE_HOSTS)
  const trustedOrigins = new Set(PROVIDER_IDS.map((id) => new URL(providers[id].baseUrl).origin))
  const refused = refuseAddress(ownUrl, configured)
  if (refused) {
    throw new SettingsError(`PUBLIC_URL ${refused}, or its host must be in PRIVATE_HOSTS.`)
  }
  const publicUrl = trimSlash(ownUrl)
  const uploadsUrl = new URL(UPLOADS_PATH, publicUrl).href
  const clientAddresses: AddressPolicy = { ...configured, ownUrl: publicUrl }
  return {
    publicUrl,
    adminToken: values.ADMIN_TOKEN,
    signingSecrets: values.SIGNING_SECRET_PREVIOUS
      ? [values.SIGNING_SECRET, values.SIGNING_SECRET_PREVIOUS]
      : [values.SIGNING_SECRET],
    providers,
    providerOrder: values.PROVIDER_ORDER,
    taskDeadlineSeconds: values.TASK_DEADLINE_SECONDS,
    tickSeconds: values.TICK_SECONDS,
    outputUrlTtlSeconds: values.OUTPUT_URL_TTL_SECONDS,
    retentionDays: values.RETENTION_DAYS,
    maxOutputBytes: values.MAX_OUTPUT_BYTES,
    modelAliases: values.MODEL_ALIASES,
    uploadsUrl,
    clientAddresses,
    imageAddresses: { ...clientAddresses, ownExcept: uploadsUrl },
    downloadAddresses: { ...clientAddresses, trustedOrigins },
  }
}

function parseProvider(env: Env, id: ProviderId): ProviderSettings {
  const { defaultBaseUrl, defaultCreditUsd } = PROVIDERS[id]
  const { API_KEY, BASE_URL, CREDIT_USD } = check(providerSchema, env, `${settingPrefix(id)}_`)
  return {
    apiKey: API_KEY ?? null,
    baseUrl: trimSlash(BASE_URL ?? defaultBaseUrl),
    creditUsd: CREDIT_USD ?? defaultCreditUsd,
  }
}

/**
 * The settings whose names begin with the prefix.
 *
 * An empty value counts as unset, so that a line in `.dev.vars` can be left blank.
 */
function check<T extends z.ZodObject>(object: T, env: Env, prefix = ''): z.infer<T> {
  const given = Object.fromEntries(
    Object.keys(object.shape).map((name) => [name, settingIn(env, prefix + name) || undefined]),
  )
  const result = object.safeParse(given)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const name = String(issue?.path[0])
  const problem = given[name] === undefined ? 'is not set' : issue?.message
  throw new SettingsError(`${prefix}${name}: ${problem}`)
}

function addressPolicyOf(privateHosts: string[]): AddressPolicy {
  return {
    privateHosts: new Set(privateHosts.map((host) => host.toLowerCase())),
    trustedOrigins: new Set(),
  }
}

function toAliases(pairs: string[], context: z.RefinementCtx): ModelAliases {
  const aliases = parseModelAliases(pairs)
  if (aliases.ok) return aliases.value
  context.addIssue({ code: 'custom', message: aliases.refusal })
  return z.NEVER
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function hasNoDuplicates(list: string[]): boolean {
  return new Set(list).size === list.length
}

/** Paths are appended to it, so it must end with its path. */
function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return /^https?:$/.test(protocol) && username + password + search + hash === ''
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
