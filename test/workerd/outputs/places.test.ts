/** Places for large buffers: few at once, in order, and never lost with their holders. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Place, Places } from '../../../src/outputs/places'

/** Takes a place and notes it. */
function take(places: Places, name: string, taken: string[], signal?: AbortSignal): Promise<Place> {
  const place = places.take(signal)
  place.then(
    () => taken.push(name),
    () => taken.push(`${name} gave up`),
  )
  return place
}

let now = 0
beforeEach(() => {
  now = 1_000_000
  vi.spyOn(Date, 'now').mockImplementation(() => now)
  vi.spyOn(scheduler, 'wait').mockImplementation(async (milliseconds) => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    now += milliseconds
  })
})
afterEach(() => vi.restoreAllMocks())

const until = (taken: string[], count: number) =>
  vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(count), { timeout: 5000 })

it('are taken in the order of asking, never more than there are', async () => {
  const places = new Places(2)
  const taken: string[] = []
  // The third asks again later than the fourth, and is before it all the same.
  vi.mocked(scheduler.wait).mockImplementationOnce(
    () => new Promise((resolve) => setTimeout(resolve, 50)),
  )
  const [a, , c] = ['a', 'b', 'c', 'd'].map((name) => take(places, name, taken))
  await until(taken, 2)
  ;(await a)?.leave()
  await until(taken, 3)
  ;(await c)?.leave()
  await until(taken, 4)
  expect(taken).toEqual(['a', 'b', 'c', 'd'])
})

it('are kept by those who get on, and lost by those who do not', async () => {
  const places = new Places(2)
  const taken: string[] = []
  const lively = await take(places, 'lively', taken)
  await take(places, 'dead', taken)
  const startedAt = now
  const next = take(places, 'next', taken)
  const beat = setInterval(() => lively.keep(), 1)
  await next
  clearInterval(beat)
  expect(now - startedAt).toBeGreaterThanOrEqual(29_000)
  expect(taken).toEqual(['lively', 'dead', 'next'])
})

it('are not held up by one who died in the queue, nor by one who gave up', async () => {
  const places = new Places(1)
  const taken: string[] = []
  const holder = await take(places, 'holder', taken)
  vi.mocked(scheduler.wait).mockImplementationOnce(() => new Promise(() => undefined))
  const dead = take(places, 'dead', taken)
  const controller = new AbortController()
  const impatient = take(places, 'impatient', taken, controller.signal)
  const last = take(places, 'last', taken)
  controller.abort(new Error('given up'))
  await expect(Promise.race([dead, impatient])).rejects.toThrow('given up')
  const beat = setInterval(() => holder.keep(), 1)
  const askedAt = now
  await vi.waitFor(() => expect(now - askedAt).toBeGreaterThan(6_000))
  clearInterval(beat)
  holder.leave()
  await last
  expect(taken).toEqual(['holder', 'impatient gave up', 'last'])
})
