/** What a check of `npm run doctor` comes to. */

export interface Finding {
  check: string
  state: 'ok' | 'failed' | 'skipped'
  /** What was seen, in a sentence. */
  says: string
  /** What to do about it; only for a failure. */
  cure?: string
}

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says })

export const skipped = (check: string, says: string): Finding => ({ check, state: 'skipped', says })

export const failed = (check: string, says: string, cure: string): Finding => ({
  check,
  state: 'failed',
  says,
  cure,
})
