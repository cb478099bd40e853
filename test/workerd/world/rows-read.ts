/** What a piece of work asks of the database, seen below its API. */
import { env } from 'cloudflare:workers'

interface Fetcher {
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response>
}

interface QueryResult {
  meta?: { rows_read?: number }
}

/** How many rows the database reads for a piece of work. */
export async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  let rows = 0
  await watchTrips(work, (answer) => {
    const results = JSON.parse(answer) as QueryResult | QueryResult[]
    for (const { meta } of [results].flat()) rows += meta?.rows_read ?? 0
  })
  return rows
}

/** How often the database is asked for a piece of work; a batch is one trip. */
export async function tripsOf(work: () => Promise<unknown>): Promise<number> {
  let trips = 0
  await watchTrips(work, () => {
    trips++
  })
  return trips
}

/**
 * Shows each answer of the database: below the API each call is one request, and `raw()`, which Drizzle
 * uses, tells nothing of the rows that it read.
 *
 * @param see what it throws stands in the place of the answer, which is lost
 */
export async function watchTrips<Result>(
  work: () => Promise<Result>,
  see: (answer: string, question: string) => void | Promise<void>,
): Promise<Result> {
  const database = env.DB as unknown as {
    fetcher: Fetcher
    alwaysPrimarySession: { fetcher: Fetcher }
  }
  const { fetcher } = database
  const watched: Fetcher = {
    async fetch(input, init) {
      const response = await fetcher.fetch(input, init)
      const text = await response.text()
      await see(text, String(init?.body))
      return new Response(text, response)
    },
  }
  database.fetcher = database.alwaysPrimarySession.fetcher = watched
  try {
    return await work()
  } finally {
    database.fetcher = database.alwaysPrimarySession.fetcher = fetcher
  }
}
