/**
 * The URL guard: which addresses the gateway may call, or hand to others, on somebody's word.
 *
 * Invariant: nothing that a client, a provider or a redirect names reaches a private address.
 * Trusted are only what the operator configured: the origins of provider base URLs and
 * `PRIVATE_HOSTS`.
 */
import ipaddr from 'ipaddr.js'

export interface AddressPolicy {
  /** Origins (scheme, host and port) that are let through whatever they are. */
  trustedOrigins: ReadonlySet<string>
  /** Host names that are let through on any port and scheme. */
  privateHosts: ReadonlySet<string>
}

const LOCAL_SUFFIXES = ['.local', '.internal', '.localhost', '.home.arpa']

/** Why an address may not be used, in words that follow "it", or null when it may. */
export function refuseAddress(address: string, policy: AddressPolicy): string | null {
  if (!URL.canParse(address)) return 'is not a valid URL'
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (policy.trustedOrigins.has(url.origin)) return null
  const host = url.hostname.replace(/\.$/, '')
  if (policy.privateHosts.has(host)) return null
  if (url.protocol !== 'https:') return 'must be an https URL'
  return refuseHost(host)
}

function refuseHost(host: string): string | null {
  const literal = host.startsWith('[') ? host.slice(1, -1) : host
  if (ipaddr.isValid(literal)) {
    return isPublic(ipaddr.process(literal)) ? null : 'must not point to a private address'
  }
  if (!host.includes('.')) return 'must have a full host name'
  return LOCAL_SUFFIXES.some((suffix) => host.endsWith(suffix))
    ? 'must not point to a private name'
    : null
}

/** IPv6 only from 2000::/3, the part that is given out: the rest embeds or hides other addresses. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || (address.toByteArray()[0] ?? 0) >> 5 === 1
}
