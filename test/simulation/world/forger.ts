/**
 * Who sends callbacks that no provider sent.
 *
 * Without the right token nothing may happen. With it (leaked, or the provider itself goes mad) a
 * callback may claim anything: a job of another task, one that does not exist, pictures elsewhere.
 * Left out is only a job that is ours and that no attempt has claimed yet: asked with our key, the
 * provider confirms it, and nothing tells it from the right one.
 */
import { attemptIn } from './outside'
import type { Random } from './random'
import { ORIGIN } from './secrets'
import type { World } from './world'

const INTERVAL_MAX_MS = 40_000
const FORGERIES_MAX = 8
/** Sooner than a submission that a story holds back is answered. */
const CLAIMED_AFTER_MS = 500
const FORGED_ID = 'forged-job'

interface KnownAttempt {
  id: string
  status: string
  reference: string | null
}

export class Forger {
  /** Attempts to which something false was said with the right token. */
  readonly deceived = new Set<string>()
  readonly #world: World
  readonly #random: Random

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** Claims an earlier job whenever one is submitted, before that submission is answered. */
  lurk(): void {
    this.#world.outside.onSubmission(({ body }) => void this.#claimEarlier(attemptIn(body)))
  }

  async #claimEarlier(attemptId: string | null): Promise<void> {
    await this.#world.clock.sleep(CLAIMED_AFTER_MS)
    const attempts = this.#look()
    const victim = attempts.find(({ id }) => id === attemptId)
    const [earlier] = referencesBeside(victim, attempts)
    if (victim && earlier !== undefined) await this.#claim(victim, earlier)
  }

  async roam(): Promise<void> {
    for (let count = 0; count < FORGERIES_MAX; count++) {
      await this.#world.clock.sleep(this.#random.integer(100, INTERVAL_MAX_MS))
      const attempts = this.#look()
      // One that does not know its job is the most likely to believe what it is told.
      const unsure = attempts.filter(
        ({ status }) => status === 'unknown' || status === 'submitting',
      )
      const [first, ...rest] = unsure.length > 0 && this.#random.chance(0.5) ? unsure : attempts
      if (!first) continue
      const victim = this.#random.pick([first, ...rest])
      if (this.#random.chance(0.5)) await this.#withoutToken(victim)
      else await this.#withToken(victim, attempts)
    }
  }

  async #withoutToken({ id, reference }: KnownAttempt): Promise<void> {
    const stolen = await this.#tokenOfAnother(id)
    const token = this.#random.pick(['x', 'A'.repeat(43), stolen ?? 'B'.repeat(43)])
    const body = JSON.stringify({ id: reference ?? FORGED_ID, status: 'completed' })
    const url = `${ORIGIN}/callbacks/aivideoapi.ai/${id}/${token}`
    const status = await this.#post(url, body, true)
    // A database in trouble answers 500 before the token is looked at, and no answer is none.
    const isRefused = status === 404 || status === 0 || status === 500
    if (!isRefused) this.#world.violate(`forgery: a wrong token was answered with ${status}`)
  }

  async #withToken(victim: KnownAttempt, attempts: KnownAttempt[]): Promise<void> {
    const own = victim.reference ?? FORGED_ID
    const others = referencesBeside(victim, attempts)
    await this.#claim(victim, this.#random.pick([own, FORGED_ID, ...others]))
  }

  async #claim(victim: KnownAttempt, id: string): Promise<void> {
    const url = await this.#urlOf(victim.id)
    if (!url) return
    if (id !== victim.reference) this.deceived.add(victim.id)
    const output = { urls: ['https://evil.example.com/picture.png'] }
    await this.#post(url, JSON.stringify({ id, status: 'completed', output }), false)
  }

  #look(): KnownAttempt[] {
    const query = 'select id, status, reference from attempts order by id'
    return this.#world.database.look<KnownAttempt>(query)
  }

  async #post(url: string, body: string, mayOnlyRead: boolean): Promise<number> {
    const headers = { 'content-type': 'application/json' }
    return this.#world.outside.door
      .send('forger', url, { method: 'POST', headers, body }, mayOnlyRead)
      .then(({ status }) => status)
      .catch(() => 0)
  }

  async #urlOf(attemptId: string): Promise<string | null> {
    const urls = await this.#world.outside.callbackUrls()
    return urls.find(({ attempt }) => attempt === attemptId)?.url ?? null
  }

  async #tokenOfAnother(attemptId: string): Promise<string | null> {
    const urls = await this.#world.outside.callbackUrls()
    return (
      urls
        .find(({ attempt }) => attempt !== attemptId)
        ?.url.split('/')
        .at(-1) ?? null
    )
  }
}

function referencesBeside(victim: KnownAttempt | undefined, attempts: KnownAttempt[]): string[] {
  const others = attempts.filter(({ id }) => id !== victim?.id)
  return others.flatMap(({ reference }) => reference ?? [])
}
