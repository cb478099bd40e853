/** How long an answer is held until its task is over, as clients ask for it. */
import * as z from 'zod'

export const WAIT_SECONDS_MAX = 60

/** `Prefer: wait=N` in seconds; what is not understood is no wish to wait. */
export const preferSchema = z
  .string()
  .optional()
  .transform((text) => {
    const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/i.exec(text ?? '')?.[1]
    return Math.min(Number(wait ?? 0), WAIT_SECONDS_MAX)
  })
  .meta({
    description: `\`wait=N\` holds the answer until the task is over, for N seconds at most (up to ${WAIT_SECONDS_MAX}).`,
    examples: ['wait=60'],
  })
