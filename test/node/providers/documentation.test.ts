/**
 * `docs/providers.md`, written from the adapters: how each field is sent, or why it is not.
 *
 * The test fails when the file is not what the code says; `npx vitest -u --project node` writes it.
 */
import { expect, it } from 'vitest'
import { MODELS, PROVIDER_IDS, type ProviderId } from '../../../src/core/request'
import { PROVIDERS } from '../../../src/providers'
import { offer } from '../../../src/providers/offer'
import type { ModelOffer, Provider } from '../../../src/providers/provider'
import { native, request, type Wishes, whyNot } from './contract.ts'

const SAMPLES: ReadonlyArray<[field: string, wishes: Wishes]> = [
  ['`prompt`', { prompt: 'A red kite' }],
  ['`image_urls`, one', { image_urls: ['https://a.example.com/1.png'] }],
  [
    '`image_urls` without `prompt`',
    { prompt: undefined, image_urls: ['https://a.example.com/1.png'] },
  ],
  ['`n: 3`', { n: 3 }],
  ['`aspect_ratio: "16:9"`', { aspect_ratio: '16:9' }],
  ['`aspect_ratio: "4:5"`', { aspect_ratio: '4:5' }],
  ['`aspect_ratio: "2:1"`', { aspect_ratio: '2:1' }],
  ['`aspect_ratio: "7:5"`', { aspect_ratio: '7:5' }],
  ['`resolution: "2k"`', { resolution: '2k' }],
  ['`aspect_ratio: "16:9"`, `resolution: "4k"`', { aspect_ratio: '16:9', resolution: '4k' }],
  ['`size: "1536x1024"`', { size: '1536x1024' }],
  ['`size: "1254x1254"`', { size: '1254x1254' }],
  ['`quality: "low"`', { quality: 'low' }],
  ['`negative_prompt`', { negative_prompt: 'dogs' }],
  ['`seed`', { seed: '42' }],
]

it('is what the code says', async () => {
  const sections = await Promise.all(PROVIDER_IDS.map(section))
  const text = `# Providers

Written from the code by \`test/node/providers/documentation.test.ts\`; do not edit. A wish of \`auto\`
is no wish. A provider that can't meet a wish is not eligible for the request, and \`POST /v1/quotes\` says
why.

${sections.join('\n')}`
  await expect(text).toMatchFileSnapshot('../../../docs/providers.md')
})

async function section(id: ProviderId): Promise<string> {
  const provider = PROVIDERS[id]
  const models = MODELS.flatMap((model) => {
    const found = provider.models[model]
    return found ? [modelRow(model, found)] : []
  })
  const fields = await Promise.all(
    SAMPLES.map(([field, wishes]) => fieldRow(provider, field, wishes)),
  )
  return `## ${id}

Finishes by ${provider.finishesBy}; ${provider.imagesPerCall} image${provider.imagesPerCall === 1 ? '' : 's'} a call at the most.

| model | prompt | reference images | credits |
|---|---|---|---|
${models.join('\n')}

| \`gpt-image-2\` with | is sent as |
|---|---|
${fields.join('\n')}
`
}

function modelRow(model: string, found: ModelOffer): string {
  const prompt =
    found.promptLengthMax === null ? 'no limit documented' : `≤ ${found.promptLengthMax}`
  const images = found.imageUrlsMax === null ? 'no limit documented' : `≤ ${found.imageUrlsMax}`
  return `| \`${model}\` | ${prompt} | ${images} | ${prices(found)} |`
}

function prices(found: ModelOffer): string {
  if (found.prices.length === 0) return 'not documented'
  const lines = found.prices.map(({ resolution, quality, credits }) =>
    [resolution, quality, credits].filter((part) => part !== null).join(' '),
  )
  return `${lines.join(', ')} per ${found.pricedPer}`
}

async function fieldRow(provider: Provider, field: string, wishes: Wishes): Promise<string> {
  const reason = whyNot(provider, wishes)
  if (reason) return `| ${field} | not: ${reason} |`
  const { credits } = offer(provider, request(wishes), null).price
  const n = Math.min(wishes.n ?? 1, provider.imagesPerCall)
  const call = await native(provider, { prompt: 'A cat', ...wishes, n })
  const calls = Math.ceil((wishes.n ?? 1) / provider.imagesPerCall)
  const times = calls > 1 ? `${calls} × ` : ''
  return `| ${field} | ${times}\`${call?.path} ${JSON.stringify(call?.body)}\`, ${credits} credits |`
}
