/**
 * What can be wrong with a request that its shape alone does not tell: a model that nobody here serves,
 * an upload that no provider could fetch.
 *
 * It is looked at before anything is paid. A repeat with the same idempotency key is not held to it, for
 * its task is there.
 */
import { servedModel } from '../core/model-alias'
import { MODELS, type TaskRequest } from '../core/request'
import type { Settings } from '../settings'
import type { Ports } from './ports'
import type { Refusal } from './refusal'
import { isSignedPath } from './signed-url'

/** The first thing that is wrong, or null. */
export async function checkRequest(
  { settings, now }: Ports,
  request: TaskRequest,
): Promise<Refusal<'unknown_model' | 'unusable_reference'> | null> {
  const { model, fallback_models = [], image_urls = [] } = request
  const asked = [
    { field: 'model' as const, name: model },
    ...fallback_models.map((name) => ({ field: 'fallback_models' as const, name })),
  ]
  const unknown = asked.find(({ name }) => !servedModel(name, settings.modelAliases))
  if (unknown) {
    const known = [...MODELS, ...settings.modelAliases.keys()]
    return { code: 'unknown_model', ...unknown, known }
  }
  const deadlineAt = now() + deadlineMs(settings, request)
  for (const [index, url] of image_urls.entries()) {
    const reason = await unusable(settings, url, now(), deadlineAt)
    if (reason) return { code: 'unusable_reference', index, reason }
  }
  return null
}

/** How long the task may take. */
export function deadlineMs(settings: Settings, { deadline_seconds }: TaskRequest): number {
  return (deadline_seconds ?? settings.taskDeadlineSeconds) * 1000
}

/** Why an address of our own uploads would fail a provider that fetches it, or null; others are not judged. */
async function unusable(
  settings: Settings,
  address: string,
  now: number,
  deadlineAt: number,
): Promise<string | null> {
  const { pathname, searchParams, href } = new URL(address)
  if (!href.startsWith(settings.uploadsUrl)) return null
  const expires = searchParams.get('expires')
  const signature = searchParams.get('signature')
  if (expires === null || signature === null)
    return 'has no signature; use the whole url that POST /v1/uploads answered with'
  if (!(await isSignedPath(settings, pathname, { expires, signature }, 0)))
    return 'was changed; use the url as POST /v1/uploads answered with it'
  const expiresAt = Number(expires) * 1000
  if (expiresAt <= now) return 'has expired; upload the picture again with POST /v1/uploads'
  return expiresAt < deadlineAt
    ? "expires before the task's deadline; upload the picture again with POST /v1/uploads"
    : null
}
