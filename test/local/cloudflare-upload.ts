/** The upload of a Worker, as wrangler sends it: its assets first, then a form of its metadata and modules. */
import type { Binding, CloudflareAccount } from './cloudflare-account.ts'
import type { Manifest } from './cloudflare-assets.ts'
import { ApiError, type Call } from './cloudflare-call.ts'

/** @throws ApiError for a binding that names nothing */
export async function upload(account: CloudflareAccount, body: Request): Promise<object> {
  if (!account.subdomain) throw new ApiError(400, 10063, 'You need a workers.dev subdomain')
  const form = await body.formData()
  const metadata = JSON.parse(String(form.get('metadata'))) as {
    main_module: string
    bindings: Binding[]
    compatibility_date: string
    compatibility_flags: string[]
    assets?: { jwt: string }
  }
  const main = form.get(metadata.main_module)
  const script = typeof main === 'string' ? main : await main?.text()
  const before = account.worker?.bindings ?? []
  const bindings = metadata.bindings.map((binding) =>
    binding.type === 'inherit' ? before.find(({ name }) => name === binding.name) : binding,
  )
  if (bindings.includes(undefined)) throw new ApiError(400, 10056, 'Nothing to inherit.')
  const known = bindings.filter((binding) => binding !== undefined)
  for (const { type, bucket_name, id } of known) {
    const isMissing =
      (type === 'r2_bucket' && !account.buckets.has(bucket_name ?? '')) ||
      (type === 'd1' && ![...account.databases.values()].includes(id ?? ''))
    if (isMissing) throw new ApiError(400, 10085, `A ${type} binding names nothing that exists.`)
  }
  if (metadata.assets && !account.assets.deploy(metadata.assets.jwt))
    throw new ApiError(400, 10021, 'The assets were not uploaded.')
  await account.upload({
    script: script ?? '',
    bindings: known,
    compatibilityDate: metadata.compatibility_date,
    compatibilityFlags: metadata.compatibility_flags,
  })
  return { id: 'imagegate', startup_time_ms: 1, deployment_id: crypto.randomUUID() }
}

export async function announceAssets({ account, body }: Call): Promise<object> {
  const { manifest } = (await body.json()) as { manifest: Manifest }
  return account.assets.announce(manifest)
}

export async function uploadAssets({ account, body }: Call): Promise<object> {
  await account.assets.put(await body.formData())
  return { jwt: (body.headers.get('Authorization') ?? '').replace('Bearer ', '') }
}
