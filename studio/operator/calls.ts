/** Calls of the operator that the client's types may not know yet. */
import { Transport } from '../../client/transport.ts'
import type { Key, KeyRequest, Task } from '../../client/types.ts'
import { apiKey } from '../session.ts'

/** `null` lifts a limit. */
export type KeyChanges = {
  [name in keyof KeyRequest]?: KeyRequest[name] | null
}

declare module '../../client/types.ts' {
  interface Operations {
    'PATCH /v1/keys/{id}': {
      path: { id: string }
      query: Record<never, never>
      header: Record<never, never>
      body: KeyChanges
      answer: Key
    }
    'POST /v1/attempts/{id}/charge': {
      path: { id: string }
      query: Record<never, never>
      header: Record<never, never>
      body: { charged: 'yes' | 'no'; credits?: number }
      answer: Task
    }
  }
}

const transport = () => new Transport({ baseUrl: location.origin, apiKey: apiKey.value ?? '' })

export function changeKey(id: string, body: KeyChanges): Promise<Key> {
  return transport().call('PATCH /v1/keys/{id}', { path: { id }, body })
}

/** What the provider's own dashboard says of an attempt of which nobody knew. */
export function settleCharge(id: string, charged: 'yes' | 'no'): Promise<Task> {
  return transport().call('POST /v1/attempts/{id}/charge', { path: { id }, body: { charged } })
}
