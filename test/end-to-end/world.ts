/** What a test file starts once: the sandbox, a gateway whose providers it plays, and a client's key. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Imagegate, type NewKey } from '../../client/index.ts'
import { type LocalGateway, startGateway } from '../../local/gateway.ts'
import type { Job } from '../../sandbox/jobs.ts'
import { type SandboxServer, startSandbox } from '../../sandbox/server.ts'

export interface World {
  /** Of this world alone; it is gone in the end. */
  folder: string
  sandbox: SandboxServer
  gateway: LocalGateway
  operator: Imagegate
  /** Without limits. */
  key: NewKey
  client: Imagegate
  stop(): Promise<void>
}

/** @param jobSeconds how long a provider takes for a job */
export async function startWorld(jobSeconds: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'imagegate-test-'))
  const sandbox = await startSandbox(0, () => jobSeconds)
  const gateway = await startGateway(sandbox.origin, join(folder, 'gateway'), 0)
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const key = await operator.keys.create({ name: 'test' })
  const client = new Imagegate({ baseUrl: gateway.url, apiKey: key.key })
  const stop = async () => {
    await gateway.close()
    sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, sandbox, gateway, operator, key, client, stop }
}

/** The jobs that the providers took money for. */
export async function paidJobs({ sandbox }: World, prompt: string): Promise<Job[]> {
  const query = encodeURIComponent(prompt)
  const response = await fetch(`${sandbox.origin}/_sandbox/jobs?prompt=${query}`)
  return (await response.json()) as Job[]
}
