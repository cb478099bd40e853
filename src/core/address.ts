/**
 * The URL guard: which addresses the gateway may call, or hand to others, on somebody's word.
 *
 * Invariant: nothing that a client, a provider or a redirect names reaches a private address, or
 * the gateway itself. Trusted are only what the operator configured: the origins of provider base
 * URLs and `PRIVATE_HOSTS`.
 */
import ipaddr from 'ipaddr.js'

export interface AddressPolicy {
  /** Origins (scheme, host and port) that are let through whatever they are. */
  trustedOrigins: ReadonlySet<string>
  /** Host names that are let through on any port and scheme. */
  privateHosts: ReadonlySet<string>
  /** The gateway's own base URL: nobody may make it call itself. */
  ownUrl?: string
  /** Own addresses that begin like this may be named all the same. */
  ownExcept?: string
}

/**
 * The second line are no public top-level domains, but names of private networks (RFC 6762, G). The
 * last one looks public, but inside Google Cloud it answers with the machine's secrets.
 */
const PRIVATE_SUFFIXES = [
  ...['.local', '.internal', '.localhost', '.home.arpa'],
  ...['.lan', '.intranet', '.private', '.corp', '.home', '.localdomain', '.svc'],
  '.metadata.goog',
]

/** It looks public, but inside Azure it answers with the machine's secrets. */
const AZURE_METADATA = '168.63.129.16'

/** Why an address may not be used, in words that follow "it", or null when it may. */
export function refuseAddress(address: string, policy: AddressPolicy): string | null {
  if (!URL.canParse(address)) return 'is not a valid URL'
  // Readers differ about these, so whoever it is handed to might see another host in it.
  if (/[\s\\\p{Cc}]/u.test(address)) return 'must not contain spaces, backslashes or line breaks'
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (policy.trustedOrigins.has(url.origin)) return null
  if (isOwn(url, policy)) {
    const isExcepted = policy.ownExcept && url.href.startsWith(new URL(policy.ownExcept).href)
    return isExcepted ? null : 'must not point to the gateway itself'
  }
  const host = hostOf(url)
  if (policy.privateHosts.has(host)) return null
  if (url.protocol !== 'https:') return 'must be an https URL'
  return refuseHost(host)
}

/** By host name; where everything is on one machine, as in local development, by port too. */
function isOwn(url: URL, { ownUrl, privateHosts }: AddressPolicy): boolean {
  if (ownUrl === undefined) return false
  const own = new URL(ownUrl)
  if (hostOf(url) !== hostOf(own)) return false
  return !privateHosts.has(hostOf(own)) || portOf(url) === portOf(own)
}

function hostOf(url: URL): string {
  return url.hostname.replace(/\.+$/, '')
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80')
}

function refuseHost(host: string): string | null {
  const literal = host.startsWith('[') ? host.slice(1, -1) : host
  if (ipaddr.isValid(literal)) {
    return isPublic(ipaddr.process(literal)) ? null : 'must not point to a private address'
  }
  const labels = host.split('.')
  if (labels.length === 1 || labels.includes('')) return 'must have a full host name'
  return PRIVATE_SUFFIXES.some((suffix) => `.${host}`.endsWith(suffix))
    ? 'must not point to a private name'
    : null
}

/** IPv6 only from 2000::/3, the part that is given out: the rest embeds or hides other addresses. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast' || address.toString() === AZURE_METADATA) return false
  return address.kind() === 'ipv4' || (address.toByteArray()[0] ?? 0) >> 5 === 1
}
