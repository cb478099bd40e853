/** Usage: after every write its sums are what the ledger adds up to. */
import type { World } from '../world/world'

/** Whatever differs in a group by more than the dust of many sums. */
const DIFFERENCES = `with ledger as (
    select t.key_id, a.started_at / 86400000 as day, a.provider, a.charged, count(*) as attempts,
      sum(json_array_length(a.indexes)) as images, total(a.credits) as credits, total(a.usd) as usd
    from attempts a join tasks t on t.id = a.task_id
    where a.charged = 'yes'
      or (a.charged = 'unknown' and (a.ended_at is not null or t.completed_at is not null))
    group by 1, 2, 3, 4
  ), both as (
    select key_id, day, provider, charged, attempts, images, credits, usd from ledger
    union all
    select key_id, day, provider, charged, -attempts, -images, -credits, -usd from usage
  )
  select provider, charged, sum(attempts) as attempts from both group by key_id, day, provider, charged
  having sum(attempts) <> 0 or sum(images) <> 0 or abs(sum(credits)) > 0.001 or abs(sum(usd)) > 0.001`

export function watchUsage(world: World): void {
  world.onWrite(() => {
    for (const { provider, charged, attempts } of world.database.look<{
      provider: string
      charged: string
      attempts: number
    }>(DIFFERENCES)) {
      world.violate(`usage: ${provider} lacks ${attempts} attempts charged "${charged}"`)
    }
  })
}
