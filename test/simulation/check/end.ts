/** The check after the seven days: every invariant that is not watched all along. */
import { PROMPT_CANARY } from '../world/secrets'
import { type Cast, type Facts, gatherFacts, type TaskFact } from './facts'
import { checkLate } from './late'
import { checkMoney } from './money'
import { checkPictures } from './pictures'
import { checkSdk } from './sdk'
import { checkSecrets } from './secrets'
import { checkSpending } from './spending'
import { checkWebhooks } from './webhooks'

export async function checkEnd(cast: Cast): Promise<void> {
  const facts = await gatherFacts(cast)
  cast.watch.checkDeadlines()
  checkMoney(facts)
  checkSpending(facts)
  checkPictures(facts)
  checkLate(facts)
  checkSdk(facts)
  checkWebhooks(facts)
  checkSecrets(facts)
  for (const task of facts.tasks) {
    checkRest(facts, task)
    checkCanceled(facts, task)
    if (task.isDeleted) checkDeleted(facts, task)
    else checkAnnouncements(facts, task)
  }
  checkCalm(facts)
}

/** After seven days nothing wants a step any more: the recovery window is six hours. */
function checkRest({ world }: Facts, { id, status, dueAt }: TaskFact): void {
  if (dueAt !== null) world.violate(`rest: ${id} is ${status} and still due after seven days`)
}

/** What a client was told to be canceled is canceled, and nobody was asked for it. */
function checkCanceled({ world, clients }: Facts, { id, status, attempts }: TaskFact): void {
  const isTold = clients.some(({ canceled }) => canceled.has(id))
  if (isTold && status !== 'canceled') world.violate(`cancel: ${id} ${status} although canceled`)
  if (status === 'canceled' && attempts.length > 0) world.violate(`cancel: ${id} was submitted`)
}

/** Of a deleted task nothing is left that the client said or got. */
function checkDeleted({ world }: Facts, { id, outputs }: TaskFact): void {
  const pictures = [...world.bucket.objects.keys()].filter((key) => key.includes(id))
  if (pictures.length > 0) world.violate(`deletion: ${pictures.length} pictures of ${id} are left`)
  if (outputs.length > 0) world.violate(`deletion: ${id} still lists its pictures`)
  const [row] = world.database.look<{ request: string }>(
    `select request from tasks where id = '${id}'`,
  )
  if (row?.request.includes(PROMPT_CANARY)) world.violate(`deletion: ${id} still has its prompt`)
}

/**
 * One announcement for the end; more only for pictures that came later, and then at least one.
 *
 * How many: pictures that come together are announced together, once each of them was tried. What
 * is kept back is not recorded, so the first try of a picture may announce those before it again:
 * a repeat that says nothing false, where the alternative could lose one.
 */
function checkAnnouncements({ world }: Facts, task: TaskFact): void {
  const { status, outputs, completedAt, order } = task
  const deliveries = task.deliveries.map(({ event }) => event)
  const late = outputs.filter(({ storedAt }) => storedAt !== null && storedAt > completedAt).length
  const ends = deliveries.filter((event) => event !== 'task.recovered')
  const recovered = deliveries.length - ends.length
  const isRight = order.body.callback_url
    ? ends.length === 1 &&
      ends[0] === `task.${status}` &&
      (late === 0 ? recovered === 0 : recovered >= 1 && recovered <= 2 * outputs.length)
    : deliveries.length === 0
  if (!isRight) {
    world.violate(`announcements: ${status} with ${late} late ones made [${deliveries.join(', ')}]`)
  }
}

/**
 * Where nothing goes wrong, everything succeeds, and so it does after whatever can be repeated
 * free of charge. Only a paid call that went wrong, or the death of the runner that waited for
 * it, may cost a task.
 */
function checkCalm({ world, tasks, clients, scenario }: Facts): void {
  const isHarmless =
    world.submissionsCut === 0 &&
    world.strikes.every(({ port }) => !scenario.fragile.includes(port))
  if (!scenario.mustSucceed || !isHarmless) return
  if (tasks.length < clients.length) world.violate('calm: a task is missing')
  for (const { status } of tasks) {
    if (status !== 'succeeded') world.violate(`calm: a task ${status}`)
  }
}
