/** What a process of this machine uses, read from `/proc`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const CLOCK_TICKS_PER_SECOND = 100
const KIB = 1024

/** The children of this process. */
export function childProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === process.pid)
}

/** Milliseconds of CPU that a process has used. */
export function cpuMs(pid: number): number {
  const stat = statOf(pid)
  if (!stat) throw new Error(`Process ${pid} is gone.`)
  return (stat.ticks * 1000) / CLOCK_TICKS_PER_SECOND
}

/** From now on `peakBytes` knows only what comes. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** The most memory that a process has held since `forgetPeak`. */
export function peakBytes(pid: number): number {
  return memoryBytes(pid, 'VmHWM')
}

export function residentBytes(pid: number): number {
  return memoryBytes(pid, 'VmRSS')
}

function memoryBytes(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  return Number(kibibytes) * KIB
}

/** User and system time, and the parent; null when the process is gone. */
function statOf(pid: number): { parent: number; ticks: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name stands in parentheses and may hold spaces; the state follows.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null
  }
}
