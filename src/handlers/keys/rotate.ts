/** `/v1/keys/{id}/rotate…`: a new key or webhook secret, while the old one still works for a while. */
import { sha256Hex } from '../../core/signature'
import { isoTime } from '../../core/time'
import {
  type Grace,
  rotateKey as replaceKey,
  rotateWebhookSecret as replaceWebhookSecret,
} from '../../db/rotations'
import { rotatedKeySchema, rotatedWebhookSecretSchema, rotationSchema } from '../../wire/key'
import { json } from '../endpoint/answer'
import { jsonBody } from '../endpoint/body'
import { endpoint } from '../endpoint/endpoint'
import { TOMORROW } from '../tasks/examples'
import {
  CLIENT_KEY,
  key,
  keyJson,
  keyNotFound,
  keyParams,
  newKey,
  newWebhookSecret,
  WEBHOOK_SECRET,
} from './key'

export const rotateKey = endpoint({
  id: 'rotateKey',
  method: 'post',
  path: '/v1/keys/{id}/rotate',
  tag: 'Keys',
  summary: 'Rotate a key',
  description:
    'Answers with a new key. The old one still works for `grace_seconds`, until `previous_until`. One that an earlier rotation replaced works until its own time is up, but `grace_seconds` of 0 ends all of them at once.',
  access: 'admin',
  params: keyParams,
  body: jsonBody(rotationSchema, false),
  answers: {
    200: json(rotatedKeySchema, 'The new key, shown this once.', {
      ...key,
      key: CLIENT_KEY,
      previous_until: TOMORROW,
    }),
  },
  errors: ['not_found'],
  examples: [{ title: 'Rotate', body: { grace_seconds: 3600 } }],
}).handle(async ({ ports: { database, now }, params: { id }, body }) => {
  const grace = graceOf(now(), body.grace_seconds)
  const secret = newKey()
  const rotated = await replaceKey(database, id, await sha256Hex(secret), grace)
  if (!rotated) return keyNotFound()
  const shownOnce = { key: secret, previous_until: isoTime(grace.endsAt) }
  return { status: 200, body: { ...keyJson(rotated, now()), ...shownOnce } }
})

export const rotateWebhookSecret = endpoint({
  id: 'rotateWebhookSecret',
  method: 'post',
  path: '/v1/keys/{id}/rotate_webhook_secret',
  tag: 'Keys',
  summary: 'Rotate a webhook secret',
  description:
    'For `grace_seconds` webhooks are signed with the old and the new secret, and with those of earlier rotations until their own time is up. `grace_seconds` of 0 ends all older ones at once.',
  access: 'admin',
  params: keyParams,
  body: jsonBody(rotationSchema, false),
  answers: {
    200: json(rotatedWebhookSecretSchema, 'The new secret, shown this once.', {
      ...key,
      webhook_secret: WEBHOOK_SECRET,
      previous_until: TOMORROW,
    }),
  },
  errors: ['not_found'],
}).handle(async ({ ports: { database, now }, params: { id }, body }) => {
  const grace = graceOf(now(), body.grace_seconds)
  const secret = newWebhookSecret()
  const rotated = await replaceWebhookSecret(database, id, secret, grace)
  if (!rotated) return keyNotFound()
  const shownOnce = { webhook_secret: secret, previous_until: isoTime(grace.endsAt) }
  return { status: 200, body: { ...keyJson(rotated, now()), ...shownOnce } }
})

function graceOf(startsAt: number, seconds: number): Grace {
  return { startsAt, endsAt: startsAt + seconds * 1000 }
}
