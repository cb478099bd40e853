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

describe('white space around a value', () => {
  it.each([
    ['ADMIN_TOKEN', 'adminToken', 'admin-token-of-the-test-gateway'],
    ['PUBLIC_URL', 'publicUrl', 'https://gateway.example.com'],
    ['TASK_DEADLINE_SECONDS', 'taskDeadlineSeconds', 300],
    ['SIGNING_SECRET', 'signingSecrets', ['signing-secret-of-the-test-gateway']],
    ['PROVIDER_ORDER', 'providerOrder', ['gptimage2.ai']],
  ] as const)('of %s is not meant', (name, field, value) => {
    for (const around of [`${value}\n`, `\r\n ${value}\r\n`, `\ufeff${value}\u00a0`]) {
      expect(readSettings({ ...env, [name]: around })[field]).toEqual(value)
    }
  })

  it('of what a provider is reached by is not meant', () => {
    const padded = {
      GPTIMAGE2_AI_BASE_URL: ' https://reseller.example.com/v2/ \n',
      GPTIMAGE2_AI_API_KEY: '\tsk-1\r\n',
      GPTIMAGE2_AI_CREDIT_USD: '0.01\n',
    }
    expect(readSettings({ ...env, ...padded }).providers['gptimage2.ai']).toEqual({
      baseUrl: 'https://reseller.example.com/v2',
      apiKey: 'sk-1',
      creditUsd: 0.01,
    })
  })

  it('is all that an unset value may have', () => {
    expect(readSettings({ ...env, PUBLIC_URL: ' \n' }, LEARNED).publicUrl).toBe(LEARNED)
    expect(originToLearn({ ...env, PUBLIC_URL: ' \n' }, `${LEARNED}/v1/keys`)).toBe(LEARNED)
  })

  it.each(['two words that no header can carry', 'ein-Schlüssel-den-kein-Header-trägt'])(
    'does not make an admin token of %j',
    (token) => {
      expect(() => readSettings({ ...env, ADMIN_TOKEN: token })).toThrow(
        'ADMIN_TOKEN: must be printable ASCII without spaces',
      )
    },
  )
})
