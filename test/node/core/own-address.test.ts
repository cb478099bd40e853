/** The URL guard about the gateway itself: nobody makes it call its own endpoints. */
import { expect, it } from 'vitest'
import { type AddressPolicy, refuseAddress } from '../../../src/core/address'

const CONFIGURED: AddressPolicy = {
  trustedOrigins: new Set(['https://gateway.example.com:9000']),
  privateHosts: new Set(['127.0.0.1']),
}
const own: AddressPolicy = { ...CONFIGURED, ownUrl: 'https://Gateway.example.com/base' }
const images: AddressPolicy = { ...own, ownExcept: `${own.ownUrl}/v1/uploads/` }
const upload = 'https://gateway.example.com/base/v1/uploads/upl_1/cat.png'

it.each([
  'https://gateway.example.com/',
  'https://gateway.example.com/base/v1/tasks',
  'https://gateway.example.com:8443/',
  'https://GATEWAY.example.com../',
  'https://gateway%2eexample。com/',
  'http://gateway.example.com/',
  'https://gateway.example.com/v1/uploads/upl_1',
  'https://gateway.example.com/base/v1/uploads/../tasks',
  'https://gateway.example.com/base/v1/uploads/%2e%2e/tasks',
  'https://gateway.example.com:8443/base/v1/uploads/upl_1',
  'http://gateway.example.com/base/v1/uploads/upl_1',
])('is not called at %s', (address) => {
  expect(refuseAddress(address, own)).toBe('must not point to the gateway itself')
  expect(refuseAddress(address, images)).toBe('must not point to the gateway itself')
})

it('is named only for what clients uploaded there', () => {
  expect(refuseAddress(upload, images)).toBeNull()
  expect(refuseAddress(upload, own)).not.toBeNull()
})

it.each([
  'https://gateway.example.com.evil.example.org/',
  'https://other.example.com/',
  'https://gateway.example.com:9000/trusted-provider',
])('is not at %s', (address) => expect(refuseAddress(address, own)).toBeNull())

it('is told by its port where everything is on one machine', () => {
  const local: AddressPolicy = { ...CONFIGURED, ownUrl: 'http://127.0.0.1:8787' }
  expect(refuseAddress('http://127.0.0.1:8787/v1/tasks', local)).not.toBeNull()
  expect(refuseAddress('http://2130706433:8787/', local)).not.toBeNull()
  expect(refuseAddress('http://127.0.0.1:8788/hook', local)).toBeNull()
  const onDefaultPort: AddressPolicy = { ...CONFIGURED, ownUrl: 'http://127.0.0.1' }
  expect(refuseAddress('http://127.0.0.1:80/', onDefaultPort)).not.toBeNull()
  expect(refuseAddress('http://127.0.0.1:8788/', onDefaultPort)).toBeNull()
})
