/**
 * Clients of OpenAI's SDKs: each try ends with the right pictures, with an error, or with silence that
 * has a reason; one wish makes one task that is or may be paid; and what an SDK repeats by itself was
 * free of charge.
 */
import { type Got, type Pictures, type Refusal, SdkClient } from '../world/sdk-client'
import type { Facts, TaskFact } from './facts'

export function checkSdk(facts: Facts): void {
  for (const client of facts.clients) {
    if (!(client instanceof SdkClient)) continue
    const tasks = facts.tasks.filter(({ order }) => order === client.order)
    checkEnd(facts, client)
    checkTasks(facts, client, tasks)
    for (const got of client.got) checkGot(facts, tasks, got)
  }
}

function checkEnd({ world, scenario }: Facts, { isOver, got, timeouts }: SdkClient): void {
  if (!isOver) world.violate('sdk: a client waits for ever')
  const last = got.at(-1)
  const isTroubled = world.strikes.length > 0 || timeouts > 0
  if (!last && !isTroubled) world.violate('sdk: no answer came for no reason')
  if (last?.kind === 'refusal' && scenario.mustSucceed && !isTroubled) {
    world.violate(`calm: an SDK was refused with ${last.text}`)
  }
}

/** What cost nothing may be made anew. */
function checkTasks({ world }: Facts, { wishes }: SdkClient, tasks: TaskFact[]): void {
  const costly = tasks.filter(({ attempts }) => attempts.some(({ charged }) => charged !== 'no'))
  if (costly.length > wishes) {
    world.violate(`sdk: ${costly.length} tasks are or may be paid for ${wishes} wishes`)
  }
}

function checkGot(facts: Facts, tasks: TaskFact[], got: Got): void {
  if (!got) return
  const task = tasks.find(({ id }) => id === got.taskId)
  if (got.kind === 'pictures') checkPictures(facts, task, got)
  else checkRefusal(facts, task, got)
}

/** All that were there, in their order, and no other ones. */
function checkPictures({ world }: Facts, task: TaskFact | undefined, { sha256 }: Pictures): void {
  const stored = task?.outputs.flatMap((output) => output.sha256 ?? []) ?? []
  // One that came after the answer may stand between them.
  const rest = stored.values()
  const isRight = sha256.every((given) => rest.some((one) => one === given))
  const isWhole = task?.status !== 'succeeded' || sha256.length === stored.length
  if (sha256.length === 0 || !isRight || !isWhole) {
    world.violate(`sdk: ${task?.id} was answered with ${sha256.length} other pictures`)
  }
}

function checkRefusal(
  { world }: Facts,
  task: TaskFact | undefined,
  { status, text }: Refusal,
): void {
  const isRepeated = status >= 500 || status === 408 || status === 409 || status === 429
  if (!task && !isRepeated) world.violate(`acceptance: an SDK was refused with ${text}`)
  if (isRepeated && task?.attempts.some(({ charged }) => charged !== 'no')) {
    world.violate(`sdk: ${task.id} is or may be paid and was answered with ${status}`)
  }
}
