/** How something that may be refused ends: expected failures are values, surprises are exceptions. */
export type Result<Value, Refusal> = Success<Value> | Refused<Refusal>

interface Success<Value> {
  ok: true
  value: Value
}

interface Refused<Refusal> {
  ok: false
  refusal: Refusal
}

export function success<Value>(value: Value): Success<Value> {
  return { ok: true, value }
}

export function refuse<Refusal>(refusal: Refusal): Refused<Refusal> {
  return { ok: false, refusal }
}
