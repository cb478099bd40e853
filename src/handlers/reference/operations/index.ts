/** Every operation of the gateway, in the order in which the reference shows them. */
import type { AddressPolicies } from '../../task-request'
import type { Operation } from '../operation'
import { gatewayOperations } from './gateway'
import { keyOperations } from './keys'
import { moneyOperations } from './money'
import { pictureOperations } from './pictures'
import { taskOperations } from './tasks'
import { webhookOperations } from './webhooks'

/** The schemas of requests with addresses depend on the gateway's policies. */
export function operationsOf(policies: AddressPolicies): Operation[] {
  return [
    ...taskOperations(policies),
    ...pictureOperations,
    ...moneyOperations(policies),
    ...webhookOperations(policies),
    ...keyOperations,
    ...gatewayOperations,
  ]
}
