/** Static assets: what a version is to have is announced, what is new is uploaded, and the version names both. */
import { ApiError, type Call } from './cloudflare-call.ts'

/** Path → what is there. */
type Manifest = Record<string, { hash: string; size: number }>

export class AssetStore {
  /** Path → content, of the deployed version. */
  deployed: ReadonlyMap<string, string> = new Map()
  readonly #contents = new Map<string, string>()
  readonly #announced = new Map<string, Manifest>()

  /** The files that are not known yet, and the token that the version is to name. */
  announce(manifest: Manifest): { jwt: string; buckets: string[][] } {
    const jwt = `session-${this.#announced.size}`
    this.#announced.set(jwt, manifest)
    const hashes = new Set(Object.values(manifest).map(({ hash }) => hash))
    const missing = [...hashes].filter((hash) => !this.#contents.has(hash))
    return { jwt, buckets: missing.length > 0 ? [missing] : [] }
  }

  async put(files: FormData): Promise<void> {
    for (const [hash, file] of files) {
      const base64 = typeof file === 'string' ? file : await file.text()
      this.#contents.set(hash, Buffer.from(base64, 'base64').toString())
    }
  }

  /** @throws ApiError when a file of the version was never uploaded */
  deploy(jwt: string): void {
    const files = Object.entries(this.#announced.get(jwt) ?? {}).map(
      ([path, { hash }]): [string, string] => {
        const content = this.#contents.get(hash)
        if (content === undefined) throw new ApiError(400, 10021, `${path} was not uploaded.`)
        return [path, content]
      },
    )
    if (files.length === 0) throw new ApiError(400, 10021, 'The assets token is not known.')
    this.deployed = new Map(files)
  }
}

export async function announceAssets({ account, body }: Call): Promise<object> {
  const { manifest } = (await body.json()) as { manifest: Manifest }
  return account.assets.announce(manifest)
}

export async function uploadAssets({ account, body }: Call): Promise<object> {
  await account.assets.put(await body.formData())
  return { jwt: (body.headers.get('Authorization') ?? '').replace('Bearer ', '') }
}
