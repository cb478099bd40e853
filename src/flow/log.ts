/** One line of JSON for everything worth knowing afterwards. */

/** Never a prompt, a URL, a key or a message that may hold one. */
export interface LogRecord {
  event: string
  request?: string
  task?: string
  attempt?: string
  delivery?: string
  provider?: string
  outcome?: string
  reason?: string
  milliseconds?: number
  /** Of a request: its method, the pattern of its path (never the path itself) and the answer's status. */
  method?: string
  route?: string
  status?: number
}

export function writeLog(record: LogRecord): void {
  console.log(JSON.stringify(record))
}

/** All that may be logged of an error: its message may hold a bound value of a query. */
export function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
