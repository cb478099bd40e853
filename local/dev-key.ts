/** The client key of `npm run dev`: the one of the last start, while the gateway still knows it. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Imagegate } from '../client/index.ts'
import type { LocalGateway } from './gateway.ts'

export interface DevKey {
  key: string
  webhookSecret: string
}

export async function devKey(gateway: LocalGateway, dataFolder: string): Promise<DevKey> {
  const file = join(dataFolder, 'dev-key.json')
  const known = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as DevKey,
    () => null,
  )
  if (known && (await isValid(gateway, known.key))) return known
  const operator = new Imagegate({ baseUrl: gateway.url, apiKey: gateway.adminToken })
  const made = await operator.keys.create({ name: 'dev' })
  const fresh = { key: made.key, webhookSecret: made.webhook_secret }
  await writeFile(file, JSON.stringify(fresh))
  return fresh
}

async function isValid({ url }: LocalGateway, key: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
  return response.status === 200
}
