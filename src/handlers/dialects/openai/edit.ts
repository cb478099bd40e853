/** `POST /openai/v1/images/edits`: a picture from words and other pictures. */
import type { Ports } from '../../../flow/ports'
import { endpoint } from '../../endpoint/endpoint'
import { isApiError } from '../../errors'
import { TASK_FAILURES, TASK_REFUSALS } from '../task-errors'
import { answerWith, imagesAnswer } from './answer'
import { type EditBody, editBody, readEdit } from './edit-body'
import { References } from './references'
import { requestHeaders, takeOn } from './task'

const EVENT = 'image_edit.completed'

export const editOpenAiImage = endpoint({
  id: 'editOpenAiImage',
  method: 'post',
  path: '/openai/v1/images/edits',
  tag: 'OpenAI',
  summary: 'Edit pictures',
  description:
    'Takes a form with files, or JSON with addresses. Files and `data:` URLs become uploads of this gateway, because providers fetch pictures by address. Answers like a generation.',
  access: 'client',
  headers: requestHeaders,
  body: editBody,
  answers: { 200: imagesAnswer(EVENT) },
  errors: [...TASK_REFUSALS, ...TASK_FAILURES, 'body_too_large', 'unsupported_media_type'],
  examples: [
    {
      title: 'From an address',
      body: {
        prompt: 'The same boat, at night',
        images: [{ image_url: 'https://pictures.example.com/boat.png' }],
      },
    },
  ],
}).handle(async ({ ports, caller, headers, body, request }) => {
  if (isApiError(body)) return body
  const references = new References(ports, caller.id, request.signal)
  const wanted = await readWhole(ports, body, references)
  if (isApiError(wanted)) return wanted
  const { signal } = request
  const accepted = await takeOn(ports, caller, wanted, references.list, headers, signal)
  // A task that was there already has uploads of its own.
  if (isApiError(accepted) || accepted.isReplay) await references.removeUploads()
  return isApiError(accepted) ? accepted : answerWith(ports, accepted, wanted, EVENT, signal)
})

/** Of a body that turns out to be wrong, no picture is kept. */
async function readWhole(
  ports: Ports,
  body: EditBody,
  references: References,
): ReturnType<typeof readEdit> {
  let isRead = false
  try {
    const wanted = await readEdit(ports, body, references)
    isRead = !isApiError(wanted)
    return wanted
  } finally {
    if (!isRead) await references.removeUploads()
  }
}
