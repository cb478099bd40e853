/** Each provider's key, by a call that costs nothing: its balance, or a job that can't exist. */
import { PROVIDER_IDS, type ProviderId, settingPrefix } from '../../src/core/request.ts'
import { type Finding, failed, ok, skipped } from './finding.ts'
import { get } from './gateway-checks.ts'

/** Documented calls without charge; nanobananaapi.dev documents none. */
const FREE_CALLS: Partial<Record<ProviderId, { origin: string; path: string }>> = {
  'aivideoapi.ai': { origin: 'https://api.aivideoapi.ai', path: '/v1/credits' },
  'gptimage2api.org': { origin: 'https://gptimage2api.org', path: '/api/ai/tasks/doctor' },
  'gptimage2.ai': { origin: 'https://gptimage2.ai', path: '/api/generate/doctor' },
}

/** @param settings the deployment's, as far as they are known on this machine. */
export async function checkProviders(
  settings: Record<string, string | undefined>,
): Promise<Finding[]> {
  return Promise.all(PROVIDER_IDS.map((id) => checkProvider(id, settings)))
}

async function checkProvider(
  id: ProviderId,
  settings: Record<string, string | undefined>,
): Promise<Finding> {
  const prefix = settingPrefix(id)
  const key = settings[`${prefix}_API_KEY`]
  const call = FREE_CALLS[id]
  if (!key) return skipped(id, 'Its key is not known on this machine.')
  if (!call) return skipped(id, 'It documents no call without charge, so its key can’t be tried.')
  const origin = settings[`${prefix}_BASE_URL`] ?? call.origin
  const answer = await get(origin + call.path, key)
  if (!answer)
    return failed(id, `${origin} does not answer.`, 'Wait; meanwhile the others are asked.')
  const isRefused = answer.status === 401 || answer.status === 403
  if (isRefused)
    return failed(
      id,
      'It refuses the key.',
      `Give it a new one: npm run setup -- --rotate ${prefix}_API_KEY`,
    )
  if (answer.status >= 500)
    return failed(
      id,
      `It is in trouble (HTTP ${answer.status}).`,
      'Wait; meanwhile the others are asked.',
    )
  return ok(id, 'It takes the key.')
}
