/** Addresses in a request, judged after parsing: which ones are let through depends on the settings. */
import { type AddressPolicy, refuseAddress } from '../core/address'
import type { TaskRequest } from '../core/request'
import type { Settings } from '../settings'
import { type ApiError, invalid } from './errors'

type Refused = ApiError<'invalid_request'> | null

/**
 * The first address of a task's request that may not be used, or null.
 *
 * @param pictures what the client calls `image_urls`
 */
export function refuseAddresses(
  { imageAddresses, clientAddresses }: Settings,
  { image_urls = [], callback_url }: Pick<TaskRequest, 'image_urls' | 'callback_url'>,
  pictures = 'image_urls',
): Refused {
  for (const [index, url] of image_urls.entries()) {
    const refused = refuseAddress(url, imageAddresses)
    if (refused) return invalid(pictures, `${pictures}[${index}] ${refused}.`)
  }
  return callback_url === undefined ? null : refuseCallbackUrl(clientAddresses, callback_url)
}

export function refuseCallbackUrl(policy: AddressPolicy, url: string): Refused {
  const refused = refuseAddress(url, policy)
  return refused ? invalid('callback_url', `callback_url ${refused}.`) : null
}
