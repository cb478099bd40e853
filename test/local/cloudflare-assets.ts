/** Static assets: what a version is to have is announced, what is new is uploaded, and the version names both. */

/** Path → what is there. */
export type Manifest = Record<string, { hash: string; size: number }>

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

  /** @returns whether all that was announced under the token is there, and served from now on. */
  deploy(jwt: string): boolean {
    const files = new Map<string, string>()
    for (const [path, { hash }] of Object.entries(this.#announced.get(jwt) ?? {})) {
      const content = this.#contents.get(hash)
      if (content === undefined) return false
      files.set(path, content)
    }
    this.deployed = files
    return files.size > 0
  }
}
