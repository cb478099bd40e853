/** How many rows the database reads for a piece of work. */
import { env } from 'cloudflare:workers'

interface Fetcher {
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response>
}

interface QueryResult {
  meta?: { rows_read?: number }
}

/**
 * Counts below the API, where each call is one request to the database: `raw()`, which Drizzle uses,
 * tells nothing of the rows that it read.
 */
export async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const database = env.DB as unknown as {
    fetcher: Fetcher
    alwaysPrimarySession: { fetcher: Fetcher }
  }
  const { fetcher } = database
  let rows = 0
  const counted: Fetcher = {
    async fetch(input, init) {
      const response = await fetcher.fetch(input, init)
      const text = await response.text()
      const answer = JSON.parse(text) as QueryResult | QueryResult[]
      for (const { meta } of [answer].flat()) rows += meta?.rows_read ?? 0
      return new Response(text, response)
    },
  }
  database.fetcher = database.alwaysPrimarySession.fetcher = counted
  try {
    await work()
  } finally {
    database.fetcher = database.alwaysPrimarySession.fetcher = fetcher
  }
  return rows
}
