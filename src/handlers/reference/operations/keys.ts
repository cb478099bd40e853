/** The operator's side: who may use the gateway, and how much. */
import {
  keyListSchema,
  newKeyAnswerSchema,
  rotatedKeySchema,
  rotatedWebhookSecretSchema,
} from '../../../wire/key'
import { newKeySchema, rotationSchema } from '../../keys'
import { KEY_ID, key, previousUntil, shownOnce } from '../examples'
import type { Operation } from '../operation'

const path = { id: KEY_ID }
const rotation = { name: 'Rotation', schema: rotationSchema, isOptional: true } as const

export const keyOperations: Operation[] = [
  {
    id: 'createKey',
    method: 'post',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'Make a key',
    description: 'The key and its webhook secret are shown this once; keep them.',
    access: 'admin',
    body: { name: 'KeyRequest', schema: newKeySchema },
    answers: [
      {
        status: 201,
        description: 'The key with its secrets.',
        schema: newKeyAnswerSchema,
        example: { ...key, ...shownOnce },
      },
    ],
    errors: [],
    examples: [
      { title: 'Make', body: { name: 'shop', rate_limit_per_minute: 60, daily_usd_limit: 20 } },
      { title: 'Without limits', body: { name: 'shop' } },
    ],
  },
  {
    id: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'List keys',
    description: 'Newest first, without the keys themselves.',
    access: 'admin',
    answers: [
      {
        status: 200,
        description: 'The keys that work.',
        schema: keyListSchema,
        example: { data: [key] },
      },
    ],
    errors: [],
    examples: [{ title: 'List' }],
  },
  {
    id: 'rotateKey',
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    tag: 'Keys',
    summary: 'Exchange a key',
    description: 'The old one works on for `grace_seconds`.',
    access: 'admin',
    body: rotation,
    answers: [
      {
        status: 200,
        description: 'The new key, shown this once.',
        schema: rotatedKeySchema,
        example: { ...key, key: shownOnce.key, ...previousUntil },
      },
    ],
    errors: ['not_found'],
    examples: [{ title: 'Exchange', path, body: { grace_seconds: 3600 } }],
  },
  {
    id: 'rotateWebhookSecret',
    method: 'post',
    path: '/v1/keys/{id}/rotate_webhook_secret',
    tag: 'Keys',
    summary: 'Exchange a webhook secret',
    description: 'For `grace_seconds` webhooks are signed with both.',
    access: 'admin',
    body: rotation,
    answers: [
      {
        status: 200,
        description: 'The new secret, shown this once.',
        schema: rotatedWebhookSecretSchema,
        example: { ...key, webhook_secret: shownOnce.webhook_secret, ...previousUntil },
      },
    ],
    errors: ['not_found'],
    examples: [{ title: 'Exchange', path }],
  },
  {
    id: 'deleteKey',
    method: 'delete',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Revoke a key',
    description: 'It stops working at once. Its tasks go on.',
    access: 'admin',
    answers: [{ status: 204, description: 'It is revoked.' }],
    errors: ['not_found'],
    examples: [{ title: 'Revoke', path }],
  },
]
