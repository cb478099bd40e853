/** What the gateway has learned of itself: one row. */
import { eq } from 'drizzle-orm'
import type { Database } from './database'
import { gateway } from './schema'

const ID = 1

export async function readPublicUrl(database: Database): Promise<string | null> {
  const [row] = await database.select().from(gateway).where(eq(gateway.id, ID))
  return row?.publicUrl ?? null
}

/** Keeps the first one; a later one changes nothing. */
export async function keepPublicUrl(database: Database, publicUrl: string): Promise<void> {
  await database.insert(gateway).values({ id: ID, publicUrl }).onConflictDoNothing()
}
