/** The server scenarios of the protocol's own conformance suite, those that say something of us. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConformanceProxy, startConformanceProxy } from './conformance-proxy.ts'
import { startWorld, type World } from './world.ts'

const SUITE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js'
const OLDEST = '2025-06-18'
const OLDER = '2025-11-25'
const NEWEST = '2026-07-28'
/** Of an extension, whatever the version. */
const EXTENSION: null = null

type Failures = Record<string, string>

const NEEDS_NOTHING = 'No tool needs an ability of its client.'
const ASKS_NOTHING = 'No tool asks its client or user for anything.'
const NO_RESOURCES = 'There are no resources; pictures are linked by their signed address.'

/** Scenario, versions, and the checks that fail, each with the reason why it may. */
const SCENARIOS: Array<[string, ReadonlyArray<string | null>, Failures]> = [
  ['server-initialize', [OLDEST, OLDER], {}],
  ['ping', [OLDEST, OLDER], {}],
  ['tools-list', [OLDEST, OLDER, NEWEST], {}],
  ['tools-call-error', [OLDEST, OLDER, NEWEST], {}],
  ['dns-rebinding-protection', [OLDER, NEWEST], {}],
  ['server-sse-multiple-streams', [NEWEST], {}],
  [
    'server-stateless',
    [NEWEST],
    {
      'sep-2575-server-rejects-undeclared-capability': NEEDS_NOTHING,
      'sep-2575-missing-capability-http-400': NEEDS_NOTHING,
      'sep-2575-http-server-no-independent-requests-on-stream': ASKS_NOTHING,
      'sep-2575-server-no-log-without-loglevel': 'No tool writes log messages.',
    },
  ],
  [
    'caching',
    [NEWEST],
    {
      'sep-2549-prompts-list-caching-hints': 'There are no prompts.',
      'sep-2549-resources-list-caching-hints': NO_RESOURCES,
      'sep-2549-resources-templates-list-caching-hints': NO_RESOURCES,
    },
  ],
  ['http-header-validation', [NEWEST], {}],
  ['input-required-result-unsupported-methods', [NEWEST], {}],
  ['input-required-result-ignore-extra-params', [NEWEST], {}],
  ['sep-2164-resource-not-found', [NEWEST], {}],
  [
    'tasks-lifecycle',
    [EXTENSION],
    {
      'sep-2663-tasks-get-status-failed': 'No accepted picture ends in an error of the protocol.',
      'sep-2663-cancel-ack-empty-result':
        'A picture that a provider was asked for is paid for, so it goes on.',
    },
  ],
  ['tasks-capability-negotiation', [EXTENSION], {}],
  ['tasks-wire-fields', [EXTENSION], {}],
  ['tasks-request-state-removal', [EXTENSION], {}],
  [
    'tasks-request-headers',
    [EXTENSION],
    { 'tasks-headers-tolerate-mcp-method-on-tools-call': 'It wants to read "Hello, sep-2243!".' },
  ],
  [
    'tasks-dispatch-and-envelope',
    [EXTENSION],
    { 'tasks-result-type-complete-on-non-task-responses': ASKS_NOTHING },
  ],
]

let world: World
let proxy: ConformanceProxy
beforeAll(async () => {
  world = await startWorld(0.5)
  proxy = await startConformanceProxy(world.gateway.url, world.key.key)
}, 60_000)

afterAll(async () => {
  proxy.close()
  await world.stop()
})

interface Check {
  id: string
  status: string
  errorMessage?: string
}

/** A scenario with failures ends with a status that is not 0; what counts is what it wrote down. */
async function run(scenario: string, version: string | null): Promise<Check[]> {
  const folder = await mkdtemp(join(world.folder, 'checks-'))
  const options = ['--url', proxy.url, '--scenario', scenario, '--output-dir', folder]
  const chosen = version === null ? ['--force'] : ['--spec-version', version]
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [SUITE, 'server', ...options, ...chosen], () => resolve())
  })
  const [result] = await readdir(folder)
  return JSON.parse(await readFile(join(folder, result ?? '', 'checks.json'), 'utf8'))
}

it('runs every scenario of the suite, or says in the documents why not', async () => {
  const listed = await promisify(execFile)(process.execPath, [SUITE, 'list', '--server'])
  const all = [...listed.stdout.matchAll(/^ +- (\S+) \[/gm)].map(([, name]) => name ?? '')
  expect(all.length).toBeGreaterThan(50)
  const [, section = ''] = (await readFile('docs/agents.md', 'utf8')).split('## Conformance')
  const explained = [...section.matchAll(/`([\w*-]+)`/g)].map(
    ([, pattern = '']) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`),
  )
  const run = new Set(SCENARIOS.map(([scenario]) => scenario))
  const isKnown = (name: string) => run.has(name) || explained.some((one) => one.test(name))
  expect(all.filter((name) => !isKnown(name))).toEqual([])
  expect([...run].filter((name) => !all.includes(name))).toEqual([])
})

const CASES = SCENARIOS.flatMap(([scenario, versions, failures]) =>
  versions.map((version) => [scenario, version, failures] as const),
)

it.each(CASES)('%s %s', async (scenario, version, failures) => {
  const checks = await run(scenario, version)
  const failed = checks.filter(({ status }) => status === 'FAILURE')
  expect(failed.map(({ id, errorMessage }) => [id, errorMessage])).toEqual(
    Object.keys(failures).map((id) => [id, expect.anything()]),
  )
  expect(checks.some(({ status }) => status === 'SUCCESS')).toBe(true)
})
