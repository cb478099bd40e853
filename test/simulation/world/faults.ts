/** What can go wrong where the gateway touches the world, and who decides when it does. */
import type { Random } from './random'

/** A boundary of the gateway. `network`: between a client or provider and our HTTP door. */
export const PORTS = [
  'database',
  'bucket',
  'submit',
  'look-up',
  'download',
  'webhook',
  'wake',
  'storage',
  'network',
] as const
export type Port = (typeof PORTS)[number]

/**
 * `before` and `after` tell whether the operation was applied. `hang`: applied, but the answer
 * never comes; `mute`: it never arrived and nobody says so. `broken` and `stalled` befall a body
 * on its way.
 */
export type Fault =
  | 'crash-before'
  | 'crash-after'
  | 'error-before'
  | 'error-after'
  | 'hang'
  | 'mute'
  | 'delay'
  | 'lost'
  | 'doubled'
  | 'broken'
  | 'stalled'

const CALL_FAULTS = [
  'crash-before',
  'crash-after',
  'error-before',
  'error-after',
  'hang',
  'mute',
  'delay',
] as const

export const FAULTS_OF: Record<Port, readonly Fault[]> = {
  database: CALL_FAULTS,
  bucket: CALL_FAULTS,
  submit: [...CALL_FAULTS, 'broken', 'stalled'],
  'look-up': [...CALL_FAULTS, 'broken', 'stalled'],
  download: [...CALL_FAULTS, 'broken', 'stalled'],
  webhook: CALL_FAULTS,
  wake: [...CALL_FAULTS, 'lost', 'doubled'],
  // An object that lost touch with its storage is told so, and its alarm comes again.
  storage: ['crash-before', 'crash-after', 'error-before', 'error-after', 'delay'],
  network: ['error-before', 'error-after', 'delay', 'doubled'],
}

export interface Operation {
  /** Counted from 0 over the whole run. */
  number: number
  port: Port
  /** Who does it: `client`, `cron`, `runner` … */
  actor: string
  label: string
}

export interface FaultPlan {
  choose(operation: Operation): Fault | null
}

/** A random subset of the faults, each with its own rate. */
export function randomFaults(random: Random, isCalm: boolean): FaultPlan {
  if (isCalm) return { choose: () => null }
  const rateMax = random.pick([0.01, 0.03, 0.08, 0.2])
  const breadth = random.pick([0.1, 0.3, 0.7])
  const rates = new Map<string, number>()
  for (const port of PORTS) {
    for (const fault of FAULTS_OF[port]) {
      if (random.chance(breadth)) rates.set(`${port} ${fault}`, random.fraction() * rateMax)
    }
  }
  return {
    choose({ port }) {
      for (const fault of FAULTS_OF[port]) {
        const rate = rates.get(`${port} ${fault}`)
        if (rate !== undefined && random.chance(rate)) return fault
      }
      return null
    },
  }
}
