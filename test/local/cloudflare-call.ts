/** A call of the stand-in for Cloudflare's API, and how it is refused. */
import type { CloudflareAccount } from './cloudflare-account.ts'

/** A refusal in the shape of the API. */
export class ApiError extends Error {
  readonly status: number
  readonly code: number

  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface Call {
  account: CloudflareAccount
  body: Request
  /** What the parentheses of the route's pattern matched. */
  part: string
}

export type Route = [method: string, pattern: RegExp, answer: (call: Call) => unknown]
