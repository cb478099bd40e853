/** Signed addresses of outputs: who has the URL may see the picture until it expires. */
import { sign, verify } from '../core/signature'
import type { Settings } from '../settings'

const signedText = (taskId: string, index: number, expires: number): string =>
  `output:${taskId}:${index}:${expires}`

/** `expiresAt` in milliseconds; the URL holds whole seconds. */
export async function signedOutputUrl(
  settings: Settings,
  taskId: string,
  index: number,
  expiresAt: number,
): Promise<string> {
  const expires = Math.floor(expiresAt / 1000)
  const signature = await sign(settings.signingSecrets, signedText(taskId, index, expires))
  return `${settings.publicUrl}/v1/tasks/${taskId}/outputs/${index}?expires=${expires}&signature=${signature}`
}

export async function isOutputSignature(
  settings: Settings,
  output: { taskId: string; index: number },
  query: { expires: string; signature: string },
  now: number,
): Promise<boolean> {
  const expires = Number(query.expires)
  if (!/^\d{1,12}$/.test(query.expires) || expires * 1000 < now) return false
  const text = signedText(output.taskId, output.index, expires)
  return verify(settings.signingSecrets, text, query.signature)
}
