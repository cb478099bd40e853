/** The URL guard against every way to write an address that is not what it looks like. */
import { describe, expect, it } from 'vitest'
import { type AddressPolicy, refuseAddress } from '../../../src/core/address'

const NOTHING: AddressPolicy = { trustedOrigins: new Set(), privateHosts: new Set() }
const CONFIGURED: AddressPolicy = {
  trustedOrigins: new Set(['http://10.0.0.5:9000']),
  privateHosts: new Set(['127.0.0.1', 'dev.internal']),
}

const PUBLIC = [
  'https://example.com/a.png',
  'https://example.com:8443/a.png?x=1#y',
  // No port is kept back, not even those of other protocols.
  'https://example.com:22/',
  'https://example.com:25/',
  'https://EXAMPLE.com./',
  'https://example%2ecom/',
  'https://bücher.example.com/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://[::ffff:8.8.8.8]/',
  'https://localhost.example.com/',
  'https://my.locals/',
]

/** What each group hides: 127.0.0.1, 10.1.2.3, 192.168.0.1, 169.254.169.254 or a private name. */
const HIDDEN: Record<string, string[]> = {
  'another scheme': [
    'http://example.com/',
    'ftp://example.com/',
    'ws://example.com/',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'blob:https://example.com/9115d58c',
    'javascript:alert(1)',
    'view-source:https://example.com/',
  ],
  'no address at all': ['not a url', '', 'https://', 'https://?x', '//example.com/', '/a.png'],
  'user information': [
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://:pass@example.com/',
    'https://example.com:443@127.0.0.1/',
    'https://example.com%40127.0.0.1@example.org/',
  ],
  'a private IPv4 address': [
    'https://127.0.0.1/',
    'https://127.0.0.1:8443/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://192.0.0.1/',
    'https://198.18.0.1/',
    'https://192.88.99.1/',
    'https://192.0.2.1/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
  ],
  'metadata of a machine': [
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00:ec2::254]/',
    'https://metadata.google.internal/',
    'https://metadata.goog/',
    'https://any.metadata.goog/',
    'https://100.100.100.200/',
    'https://192.0.0.192/',
    'https://168.63.129.16/',
    'https://[::ffff:168.63.129.16]/',
    'https://[::ffff:a83f:8110]/',
    'https://168.63.129.16./',
  ],
  'numbers written otherwise': [
    'https://2130706433/',
    'https://017700000001/',
    'https://0x7f000001/',
    'https://0X7F.0x0.0x0.0x1/',
    'https://0177.0.0.1/',
    'https://0177.0x0.1/',
    'https://0300.0250.1/',
    'https://127.1/',
    'https://127.0.1/',
    'https://10.66051/',
    'https://0/',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://256.256.256.256/',
  ],
  'other digits and dots': [
    'https://１２７.0.0.1/',
    'https://①②⑦.0.0.1/',
    'https://127。0。0。1/',
    'https://127．0．0．1/',
    'https://127｡0｡0｡1/',
    'https://db。internal/',
    'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'https://printer.loc\u200bal/',
    'https://printer.lo\u00adcal/',
  ],
  'percent signs': [
    'https://%31%32%37.0.0.1/',
    'https://127%2e0%2e0%2e1/',
    'https://db.%69nternal/',
    'https://localhost%2e/',
    'https://127.0.0.1%00.example.com/',
    'https://example.com%2f@127.0.0.1/',
    'https://exam%0aple.com/',
  ],
  'dots at the end': [
    'https://localhost./',
    'https://localhost../',
    'https://db.internal../',
    'https://printer.local.../',
    'https://127.0.0.1./',
    'https://127.0.0.1../',
    'https://169.254.169.254%2e%2e/',
    'https://a..example.com/',
    'https://.example.com/',
    'https://./',
  ],
  'an IPv6 address': [
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fe80::1%25eth0]/',
    'https://[fe80::1%eth0]/',
    'https://[fec0::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[ff02::1]/',
    'https://[100::1]/',
    'https://[2001:db8::1]/',
    'https://[4000::1]/',
    'https://[5f00::1]/',
  ],
  'IPv4 inside IPv6': [
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[::7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b::8.8.8.8]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2002:a9fe:a9fe::1]/',
    'https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/',
  ],
  'a private name': [
    'https://localhost/',
    'https://LOCALHOST/',
    'https://intranet/',
    'https://a.localhost/',
    'https://printer.local/',
    'https://db.internal/',
    'https://nas.home.arpa/',
    'https://home.arpa/',
    'https://nas.lan/',
    'https://wiki.intranet/',
    'https://db.private/',
    'https://git.corp/',
    'https://nas.home/',
  ],
  'what readers read differently': [
    'https://example.com\\@127.0.0.1/',
    'https:\\\\example.com/',
    'https://example.com\\.internal/',
    'https://exam\nple.com/',
    'https://example.com/\r\nHost: 127.0.0.1',
    'https://exa\tmple.com/',
    'https://example.com/\0',
    ' https://example.com/',
    'https://example.com/a b.png',
    'https://example.com/\u00a0',
    'https://example .com/',
    'java\nscript:alert(1)',
  ],
  'an impossible port': ['https://example.com:99999/', 'https://example.com:-1/'],
}

describe('public addresses pass', () => {
  it.each(PUBLIC)('%j', (address) => expect(refuseAddress(address, NOTHING)).toBeNull())
})

describe.each(Object.entries(HIDDEN))('%s is refused', (_, addresses) => {
  it.each(addresses)('%j', (address) => {
    expect(refuseAddress(address, NOTHING)).toMatch(/^(is|must) /)
  })
})

describe('what the operator configured passes', () => {
  it.each([
    'http://10.0.0.5:9000/file.png',
    'http://127.0.0.1:8788/x',
    'https://127.0.0.1/x',
    'http://dev.internal/x',
  ])('%s', (address) => expect(refuseAddress(address, CONFIGURED)).toBeNull())

  it.each([
    'http://10.0.0.5:9001/',
    'https://10.0.0.5:9000/',
    'http://10.0.0.5/',
    'http://127.0.0.2/',
    'http://user@127.0.0.1/',
    'file://127.0.0.1/etc/passwd',
  ])('but not %s', (address) => expect(refuseAddress(address, CONFIGURED)).not.toBeNull())
})
