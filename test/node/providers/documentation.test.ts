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
import { JOB_NAMES, PICTURE_NAMES } from '../../../src/providers/reading'
import { native, request, type Wishes, whyNot } from './played.ts'

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

const names = (list: readonly string[]) => list.map((name) => `\`${name}\``).join(', ')

const READING = `## Sizes

\`resolution\` means the same pixels everywhere: the first size of a row in aivideoapi.ai's table, as far as a
provider that is sent pixels makes it and bills it as that tier; else, of the sizes that it bills as that
tier, the one within one percent of the ratio that is nearest in area. A ratio that the table does not have
gets about the area of the nearest one that it has.

## How answers are read

As documented, and where that fails as widely as is safe, for a paid picture must not be lost over its
spelling (\`src/providers/reading.ts\`; each adapter has both readings side by side). Tolerated everywhere:

- JSON of any content type, compressed by gzip, deflate or Brotli, with a byte-order mark or white space before it, with any 2xx.
- The last of server-sent events, where nobody asked for any.
- A submission's answer, a task and a callback bare or inside \`data\`, as in \`{"code":200,"msg":"…","data":{…}}\`,
  or \`data\` as a list of one.
- Objects and lists that are written as text, such as \`"data":"{\\"url\\":…}"\`, and answers that are so as a whole.
- Status words in any case, and gptimage2api.org's numbers by their names. A word that the provider does not
  document counts as pending.
- A job's id as a number, and under any of ${names(JOB_NAMES)}.
- Pictures under any of ${names(PICTURE_NAMES)}, at any depth: one address, a list of addresses, or objects with
  one of these names. Where an object has two of them, the first in this order is taken. An address may be a path
  at the provider, and one of plain http is asked for by https.
- Pictures in the answer itself, as base64 or a \`data:\` URL, up to \`MAX_OUTPUT_BYTES\` each. The answer is in
  the bucket before the picture is decoded, and deleted when the picture is stored.
- Pictures in the answer to a submission where a job was expected.

A refusal may be said in the body: HTTP 200 with a \`code\` of 400 to 499, its own or that of its \`error\`, that
names neither a job nor pictures is taken like that status, 429 as a rate limit and 408 as unknown. So is a 4xx
whose body says one, too. With a job it
is a job. Of a look-up it is no news of the job.

Every call says \`User-Agent: imagegate\`, downloads of pictures too.

## Failed jobs and money

aivideoapi.ai and gptimage2.ai promise that a failed job is refunded and have no field for it, so such a job
counts as not charged. gptimage2.ai also tells the account's balance with every answer. It is not held against
the promise: other jobs, other programs and the provider's own pages use the same account meanwhile, so a lower
balance says nothing of one job, and to doubt the refund would keep the next provider from being asked.
gptimage2api.org tells \`creditRefunded\`, which is believed.
`

it('is what the code says', async () => {
  const sections = await Promise.all(PROVIDER_IDS.map(section))
  const text = `# Providers

Written from the code by \`test/node/providers/documentation.test.ts\`; do not edit. A wish of \`auto\`
is no wish. A provider that can't meet a wish is not eligible for the request, and \`POST /v1/quotes\` says
why.

${READING}
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
