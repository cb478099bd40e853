/** Which words speak of the content, so that it is not offered elsewhere. */
import { expect, it } from 'vitest'
import { causeOf } from '../../../src/providers/refusal'

it.each([
  'Your request was rejected by our safety system.',
  'This request violates our content policies.',
  'The prompt violates our usage policies',
  'Violation of the community guidelines',
  'Image was flagged as unsafe',
  'Unsafe content detected',
  'Blocked: harmful content',
  'This content is not allowed',
  'content_policy_violation',
  'Prompt blocked',
  'NSFW',
])('%s', (message) => {
  expect(causeOf({ code: 'upstream_error', message }, 503)).toBe('content')
})

it.each([
  'Content type not allowed',
  'The size 512x512 is not allowed',
  'Model names are case-sensitive',
  'Your account has been flagged',
  'Request blocked by the firewall',
])('%s: is about something else', (message) => {
  expect(causeOf({ code: 'invalid_request', message }, 400)).toBe('request')
})
