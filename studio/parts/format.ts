/** Money, times and sizes in words, alike everywhere. */
import type { Task } from '../../client/index.ts'

/** Dollars with as many digits as a small price needs: `$0.0235`, `$0.05`, `$12.40`. */
export function formatUsd(usd: number): string {
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: usd < 1 ? 4 : 2,
  }).format(usd)
}

/** Dollars where they are known, else credits. */
export function formatPrice(price: { usd: number | null; credits: number | null }): string {
  if (price.usd !== null) return formatUsd(price.usd)
  return price.credits === null ? 'price unknown' : formatCredits(price.credits)
}

export function formatCredits(credits: number): string {
  return `${formatNumber(credits)} ${credits === 1 ? 'credit' : 'credits'}`
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }).format(value)
}

/** What a task cost, honest about what nobody knows. */
export function formatCost({ cost }: Task): string {
  if (cost.charged === 'unknown') return 'maybe charged'
  if (cost.charged === 'no') return 'free'
  return formatPrice(cost)
}

export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = seconds / 60
  return minutes < 90 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`
}

/** Whole seconds, or about so many minutes or hours. */
export function formatWait(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : formatSeconds(seconds)
}

export function formatBytes(bytes: number): string {
  const kilobytes = bytes / 1024
  return kilobytes < 1024 ? `${Math.ceil(kilobytes)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`
}

export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )
}

/** For what happens today. */
export function formatClock(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(new Date(iso))
}

export function formatPercent(share: number): string {
  return `${formatNumber(share * 100)} %`
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** How long a task took, or has taken by now. */
export function secondsOf(task: Task, nowMs: number): number {
  const end = task.completed_at === null ? nowMs : Date.parse(task.completed_at)
  return Math.max(0, (end - Date.parse(task.created_at)) / 1000)
}
