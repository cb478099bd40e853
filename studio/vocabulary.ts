/** The words of the contract that the page offers as choices. */
import type { TaskRequest, TaskStatus } from '../client/index.ts'

export { PROVIDER_IDS as PROVIDERS } from '../src/core/request.ts'

export const STATUSES = [
  'queued',
  'processing',
  'succeeded',
  'failed',
  'canceled',
] as const satisfies readonly TaskStatus[]

/** Width to height; a provider that can't make one says so in the quote. */
export const RATIOS = [
  'auto',
  '1:1',
  '3:2',
  '2:3',
  '4:3',
  '3:4',
  '4:5',
  '16:9',
  '9:16',
  '21:9',
] as const
export type Ratio = (typeof RATIOS)[number]

export const RESOLUTIONS = ['auto', '1k', '2k', '4k'] as const
export const QUALITIES = ['auto', 'low', 'medium', 'high'] as const satisfies ReadonlyArray<
  NonNullable<TaskRequest['quality']>
>
export const ROUTES = ['order', 'cheapest', 'fastest'] as const satisfies ReadonlyArray<
  NonNullable<TaskRequest['route']>
>

export function isOneOf<T extends string>(list: readonly T[], text: unknown): text is T {
  return list.some((item) => item === text)
}
