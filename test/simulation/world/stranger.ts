/** Another client of the gateway: to its key, nobody else's task is there. */
import { ORIGIN } from './secrets'
import type { World } from './world'

export async function pry(world: World, key: string): Promise<void> {
  const tasks = world.database.look<{ id: string }>('select id from tasks')
  const headers = { authorization: `Bearer ${key}` }
  const look = async ({ id }: { id: string }) => {
    const { status } = await world.outside.door.send('stranger', `${ORIGIN}/v1/tasks/${id}`, {
      headers,
    })
    if (status !== 404) world.violate(`strangers: another key reads a task (${status})`)
  }
  await Promise.all(tasks.map(look))
}
