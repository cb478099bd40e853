/** Settings that decide who the operator is: example secrets, and an address that is learned. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { originToLearn, readSettings, refuseSecret } from '../../../src/settings'

const EXAMPLE = 'local-admin-token-not-for-production'
const LEARNED = 'https://learned.example.com'
const withoutUrl = () => ({ ...env, PUBLIC_URL: '' })

describe('an example secret', () => {
  it.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787'])(
    'is taken at %s',
    (publicUrl) => expect(refuseSecret(EXAMPLE, publicUrl)).toBeNull(),
  )

  it.each([
    null,
    'https://gateway.example.com',
    'https://localhost.example.com',
    'http://127.0.0.1.nip.io',
    'http://10.0.0.5',
  ])('is refused at %s', (publicUrl) =>
    expect(refuseSecret(EXAMPLE, publicUrl)).toContain('everybody knows'),
  )

  it.each(['ADMIN_TOKEN', 'SIGNING_SECRET'])('stops the gateway when it is the %s', (name) => {
    const bad = { [name]: 'an-example-secret-of-the-repository-not-for-production' }
    expect(() => readSettings({ ...env, ...bad })).toThrow(`${name}: is an example`)
    expect(() => readSettings({ ...withoutUrl(), ...bad }, LEARNED)).toThrow(
      `${name}: is an example`,
    )
    const local = { PUBLIC_URL: 'http://localhost:8787', PRIVATE_HOSTS: 'localhost' }
    expect(() => readSettings({ ...env, ...bad, ...local })).not.toThrow()
  })
})

describe('the address', () => {
  it('is the one that is set, whatever was learned', () => {
    expect(readSettings({ ...env }, LEARNED).publicUrl).toBe('https://gateway.example.com')
  })

  it('is the learned one where none is set, and no request is answered without any', () => {
    const settings = withoutUrl()
    expect(() => readSettings(settings)).toThrow('PUBLIC_URL: is not set.')
    expect(readSettings(settings, LEARNED).publicUrl).toBe(LEARNED)
    expect(readSettings(settings, 'https://other.example.com').publicUrl).toContain('other')
  })

  it.each([
    ['https://imagegate.ann.workers.dev/v1/keys?x=1', 'https://imagegate.ann.workers.dev'],
    ['http://imagegate.ann.workers.dev/v1/keys', null],
    ['https://10.0.0.5/v1/keys', null],
    ['http://localhost:8787/v1/keys', null],
  ])('learned from %s is %s', (url, origin) => {
    expect(originToLearn(withoutUrl(), url)).toBe(origin)
    expect(originToLearn({ ...env }, url)).toBeNull()
  })

  it('may be a private host that the operator named', () => {
    const settings = { ...withoutUrl(), PRIVATE_HOSTS: 'localhost' }
    expect(originToLearn(settings, 'http://localhost:8787/x')).toBe('http://localhost:8787')
  })
})
