/**
 * What the gateway ever knew of an attempt, noted at every write, because its rows forget it.
 *
 * Invariant: noted is what was written, never what a provider only meant to say.
 */
import type { World } from '../world/world'

const KNOWN = `select id, reference from attempts
  where reference is not null or hint is not null or status = 'succeeded'`
const NAMED = `select attempt_id as id, source_url as url from outputs where source_url is not null`

export class Sightings {
  readonly #world: World
  readonly #knownAt = new Map<string, number>()
  readonly #jobs = new Map<string, string>()
  readonly #enclosed = new Set<string>()

  constructor(world: World) {
    this.#world = world
    world.onWrite(() => this.#look())
  }

  /** When the gateway first knew of a job of this attempt. */
  knownAt(attemptId: string): number | null {
    return this.#knownAt.get(attemptId) ?? null
  }

  /** The job that an attempt became: by its reference, else by where its pictures came from. */
  jobOf(attemptId: string): string | null {
    return this.#jobs.get(attemptId) ?? null
  }

  /** Whether pictures of an attempt came in its answer, so that they have no address that tells a job. */
  isEnclosed(attemptId: string): boolean {
    return this.#enclosed.has(attemptId)
  }

  #name(attemptId: string, url: string): void {
    if (url.startsWith('answer:')) this.#enclosed.add(attemptId)
    const job = /\/files\/([^/]+)\//.exec(url)?.[1]
    if (job !== undefined && !this.#jobs.has(attemptId)) this.#jobs.set(attemptId, job)
  }

  #look(): void {
    const { clock, database, runners } = this.#world
    for (const { id, reference } of database.look<{ id: string; reference: string | null }>(
      KNOWN,
    )) {
      if (!this.#knownAt.has(id)) this.#knownAt.set(id, clock.now())
      if (reference !== null) this.#jobs.set(id, reference)
    }
    for (const { id, url } of database.look<{ id: string; url: string }>(NAMED)) this.#name(id, url)
    // What comes with the answer is written together with its picture; until then it is kept here.
    for (const answer of runners.answers) {
      if (answer.type === 'finished') this.#name(answer.attemptId, answer.urls[0] ?? '')
    }
  }
}
