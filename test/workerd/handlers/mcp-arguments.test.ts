/** What a model reads when its arguments are wrong: the field, and what to mend, never an error of the protocol. */
import { beforeAll, expect, it } from 'vitest'
import { makeKey } from '../world/gateway'
import { useTool } from '../world/mcp'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

it.each([
  ['generate_image', {}, /^invalid_request: prompt is required/],
  ['generate_image', { prompt: 'x', size: '1x1', aspect_ratio: '1:1' }, /size can't be combined/],
  ['generate_image', { prompt: 'x', callback_url: 'https://x.example' }, /no field "callback_url"/],
  ['generate_image', { prompt: 'a\0b' }, /prompt has a character that can't be stored/],
  ['generate_image', { prompt: 'x', wait_seconds: 61 }, /wait_seconds must be .* from 0 to 60/],
  ['generate_image', { prompt: 'x', idempotency_key: 'k'.repeat(256) }, /1 to 255 characters/],
  ['edit_image', { prompt: 'x' }, /Name a reference picture/],
  ['edit_image', { prompt: 'x', upload_ids: ['upl_0'] }, /no such upload of yours/],
  ['edit_image', { prompt: 'x', task_ids: ['task_0'] }, /no such picture of yours/],
  ['edit_image', { prompt: 'x', task_ids: Array(17).fill('a') }, /task_ids must have at most 16/],
  ['edit_image', { prompt: 'x', task_ids: ['x'.repeat(101)] }, /^.{0,99} at most 100 characters/],
  ['edit_image', { prompt: 'x', upload_ids: Array(17).fill('a') }, /upload_ids must .* most 16/],
  ['edit_image', { prompt: 'x', image_urls: ['http://10.0.0.1/a.png'] }, /image_urls\[0\]/],
  ['get_task', { id: 'task_0' }, /^task_not_found/],
  ['list_tasks', { cursor: 'x' }, /cursor must be the next_cursor of a page/],
  ['upload_reference', { base64: 'aGVsbG8=' }, /^unsupported_media_type/],
  ['upload_reference', { base64: '????' }, /not valid base64/],
])('reads what was wrong with %s %j', async (name, given, words) => {
  const { isError, text } = await useTool(key, name, given)
  expect(isError).toBe(true)
  expect(text).toMatch(words)
})

it('leaves out what is null', async () => {
  const { isError } = await useTool(key, 'quote', { prompt: 'x', size: null, provider: null })
  expect(isError).toBe(false)
})
