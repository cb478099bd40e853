/** `generate_image` and `edit_image`: a task, made by the same verbs as that of `POST /v1/tasks`. */
import * as z from 'zod'
import type { TaskRequest } from '../../../core/request'
import { accept } from '../../../flow/accept'
import { acceptCall } from '../../../flow/join'
import { addressOfOutput, addressOfUpload } from '../../../flow/reference'
import { UPLOAD_FORMATS } from '../../../flow/upload'
import { IMAGE_URLS_MAX, taskRequestFields } from '../../../wire/task-request'
import { refuseAddresses } from '../../addresses'
import { type ApiError, invalid, isApiError } from '../../errors'
import { refused } from '../../refusals'
import { cappedRequest } from '../capped-request'
import { callSchema, shownTaskSchema, wishSchema } from '../schemas'
import { type Call, type ToolOutcome, tool } from '../tool'

/** How a task says that it came this way; see docs/agents.md. */
const ORIGIN = { origin: 'mcp' }

const MONEY = `A picture costs money, so call quote first when the price matters, or set max_usd: a dearer provider is then not used. If a call breaks off or times out, the picture is still being made and will be kept: repeat the call with the same arguments, which joins the open task and pays nothing more, or find the task with list_tasks. Once a picture is done, the same call makes a new one. If the answer says that the task is not over, call get_task with its id.`

const pictureInput = wishSchema.extend(callSchema.shape)

export const generateImage = tool({
  name: 'generate_image',
  title: 'Generate a picture',
  description: `Makes a picture from a text and stores it; the answer has a signed link to it and a small preview. ${MONEY}`,
  tellsPrice: true,
  isReadOnly: false,
  input: pictureInput,
  output: shownTaskSchema,
}).handle(async (call, { idempotency_key, wait_seconds, ...wishes }) =>
  makePicture(call, wishes, wishes, idempotency_key, wait_seconds),
)

const ID_LENGTH_MAX = 100
/** Each is looked up, so there may be no more of them than a task takes. */
const names = z
  .array(z.string().max(ID_LENGTH_MAX))
  .min(1, 'must not be empty')
  .max(IMAGE_URLS_MAX, `must have at most ${IMAGE_URLS_MAX} ids`)
  .optional()

export const editImage = tool({
  name: 'edit_image',
  title: 'Edit or combine pictures',
  description: `Makes a picture from a text and reference pictures: edits, variations, combinations. The references are pictures made before (task_ids), pictures from upload_reference (upload_ids) or public https addresses (image_urls). ${MONEY}`,
  tellsPrice: true,
  isReadOnly: false,
  input: pictureInput.extend({
    image_urls: taskRequestFields.image_urls.describe(
      'Public https addresses of reference pictures, which the provider fetches. For pictures of this gateway use task_ids.',
    ),
    task_ids: names.describe(
      'Ids of tasks of yours whose first picture is a reference; `task_…/2` names another one by its index.',
    ),
    upload_ids: names.describe(
      `Ids from upload_reference or POST /v1/uploads: ${UPLOAD_FORMATS} pictures of yours.`,
    ),
  }),
  output: shownTaskSchema,
}).handle(async (call, given) => {
  const { idempotency_key, wait_seconds, ...identity } = given
  const { task_ids = [], upload_ids = [], image_urls = [], ...wishes } = identity
  const refusedAddress = refuseAddresses(call.ports.settings, { image_urls })
  if (refusedAddress) return refusedAddress
  const kept = await keptPictures(call, task_ids, upload_ids, wishes.deadline_seconds)
  if (isApiError(kept)) return kept
  const references = [...image_urls, ...kept]
  if (references.length === 0)
    return invalid('image_urls', 'Name a reference picture in image_urls, task_ids or upload_ids.')
  // What lies here is signed anew for each call, so equal calls are known by the ids.
  const request = { ...wishes, image_urls: references }
  return makePicture(call, request, identity, idempotency_key, wait_seconds)
})

async function makePicture(
  { ports, client }: Call,
  wishes: object,
  identity: object,
  idempotencyKey: string | undefined,
  waitSeconds: number,
): Promise<ToolOutcome<never>> {
  const request = withOrigin(cappedRequest(client, wishes))
  const name = idempotencyKey?.trim()
  const acceptance = name
    ? await accept(ports, client, request, name, identity)
    : await acceptCall(ports, client, request, identity)
  if (!acceptance.ok) return refused(acceptance.refusal)
  return { kind: 'accepted', task: acceptance.value.task, waitSeconds }
}

function withOrigin(request: TaskRequest): TaskRequest {
  return { ...request, metadata: { ...request.metadata, ...ORIGIN } }
}

async function keptPictures(
  { ports, client }: Call,
  taskIds: readonly string[],
  uploadIds: readonly string[],
  deadlineSeconds: number | undefined,
): Promise<string[] | ApiError<'invalid_request'>> {
  const { outputUrlTtlSeconds, taskDeadlineSeconds } = ports.settings
  // Good until the deadline, and a little longer for a task that is joined or accepted slowly.
  const validSeconds = Math.max(outputUrlTtlSeconds, deadlineSeconds ?? taskDeadlineSeconds) + 60
  const addresses: string[] = []
  for (const id of taskIds) {
    const address = await addressOfOutput(ports, client.id, id, validSeconds)
    if (address === null) return invalid('task_ids', `There is no such picture of yours: ${id}.`)
    addresses.push(address)
  }
  for (const id of uploadIds) {
    const address = await addressOfUpload(ports, client.id, id, validSeconds)
    if (address === null) return invalid('upload_ids', `There is no such upload of yours: ${id}.`)
    addresses.push(address)
  }
  return addresses
}
