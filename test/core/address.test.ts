import { describe, expect, it } from 'vitest'
import { refuseAddress } from '../../src/core/address'

const POLICY = {
  trustedOrigins: new Set(['http://10.0.0.5:9000']),
  privateHosts: new Set(['127.0.0.1', 'dev.internal']),
}
const NONE = { trustedOrigins: new Set<string>(), privateHosts: new Set<string>() }

describe('public addresses pass', () => {
  it.each([
    'https://example.com/a.png',
    'https://example.com:8443/a.png?x=1#y',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://EXAMPLE.com./',
  ])('%s', (address) => expect(refuseAddress(address, NONE)).toBeNull())
})

describe('everything else is refused', () => {
  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
    '',
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://localhost/',
    'https://localhost./',
    'https://intranet/',
    'https://printer.local/',
    'https://db.internal/',
    'https://a.localhost/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://１２７.0.0.1/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[::127.0.0.1]/',
    'https://[::7f00:1]/',
    'https://[4000::1]/',
  ])('%s', (address) => expect(refuseAddress(address, NONE)).not.toBeNull())
})

describe('what the operator configured passes', () => {
  it.each([
    'http://10.0.0.5:9000/file.png',
    'http://127.0.0.1:8788/x',
    'https://127.0.0.1/x',
    'http://dev.internal/x',
  ])('%s', (address) => expect(refuseAddress(address, POLICY)).toBeNull())

  it.each([
    'http://10.0.0.5:9001/',
    'https://10.0.0.5:9000/',
    'http://10.0.0.5/',
    'http://127.0.0.2/',
  ])('but not %s', (address) => expect(refuseAddress(address, POLICY)).not.toBeNull())
})
