/** Pictures: the same for the same job, other ones for any other, and of the size that was asked for. */
import { decode as decodePng } from 'fast-png'
import { decode as decodeJpeg } from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { Canvas, type Shape } from '../../../sandbox/picture/canvas.ts'
import { lettering, wrapText } from '../../../sandbox/picture/lettering.ts'
import { disc, hoop } from '../../../sandbox/picture/shapes.ts'
import { drawPicture } from '../../../sandbox/picture.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { get, jumpingSandbox, PLAYED, play, SPOKEN, submit } from './played.ts'

const SIZE = { width: 96, height: 64 }
const PROMPT = 'A lighthouse at dusk'
const INK: Record<string, number[]> = {
  'aivideoapi.ai': [247, 239, 255],
  'gptimage2api.org': [243, 250, 240],
  'gptimage2.ai': [255, 243, 230],
  'nanobananaapi.dev': [255, 251, 227],
}
const png = (seed: string) => ({ seed, format: 'png' as const })

/** As text, which is compared much faster. */
async function bytesAt(sandbox: Sandbox, url: string): Promise<string> {
  return Buffer.from(await (await get(sandbox, url)).arrayBuffer()).toString('base64')
}

describe.each(PLAYED)('%s', (provider) => {
  it.each([
    [64, 32],
    [1024, 341],
    [341, 1024],
  ])('draws %i by %i pixels', (width, height) => {
    const { channels, data, ...picture } = decodePng(
      drawPicture(provider, PROMPT, { width, height }, png('1')),
      { checkCrc: true },
    )
    expect(picture).toMatchObject({ width, height, depth: 8 })
    expect(data.length).toBe(width * height * 3)
  })

  it('draws the same again, and another with another seed or prompt', () => {
    const draw = (prompt: string, seed: string) => drawPicture(provider, prompt, SIZE, png(seed))
    expect(draw(PROMPT, '1')).toEqual(draw(PROMPT, '1'))
    expect(draw(PROMPT, '1')).not.toEqual(draw(PROMPT, '2'))
    expect(draw(PROMPT, '1')).not.toEqual(draw('A lighthouse at dawn', '1'))
  })

  it('writes the prompt, without what is meant for the sandbox', () => {
    const inked = (prompt: string) => {
      const { data } = decodePng(drawPicture(provider, prompt, { width: 400, height: 400 }))
      const [red, green, blue] = INK[provider] ?? []
      let count = 0
      for (let i = 0; i < data.length; i += 3) {
        if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) count++
      }
      return count
    }
    const nothing = inked('')
    expect(inked('MMMMMM')).toBeGreaterThan(nothing + 500)
    expect(inked('[[delay=20]] 猫 🍬')).toBe(nothing)
  })

  it('has a JPEG of the same on demand', async () => {
    const { sandbox, done } = await play(provider, `${PROMPT} [[format=jpeg]]`)
    const [url = ''] = /https:[^"]+/.exec(await done.text()) ?? []
    expect(url).toMatch(/\.jpg$/)
    const response = await get(sandbox, url)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(decodeJpeg(await response.arrayBuffer())).toMatchObject({ width: 1024 })
  })
})

it('gives each provider a sky of its own', () => {
  const skies = PLAYED.map((provider) => {
    const { data } = decodePng(drawPicture(provider, PROMPT, SIZE))
    return data.slice(0, 3).join()
  })
  expect(new Set(skies).size).toBe(PLAYED.length)
})

it('makes other pictures of each of several, and of each job', async () => {
  const { sandbox, pass } = jumpingSandbox()
  const pictures: string[] = []
  for (let job = 0; job < 2; job++) {
    const body = { prompt: PROMPT, count: 2 }
    const submission = await (await submit(sandbox, 'gptimage2.ai', body)).text()
    pass(5_000)
    const done = await get(sandbox, SPOKEN['gptimage2.ai'].taskUrl(submission))
    for (const [url] of (await done.text()).matchAll(/https:[^"]+/g)) {
      pictures.push(await bytesAt(sandbox, url))
    }
  }
  expect(new Set(pictures).size).toBe(4)
})

it('draws the same for the same seed where the provider takes one', async () => {
  const draw = async (seed: string) => {
    const { sandbox, done } = await play('gptimage2api.org', PROMPT, { seed })
    const { outputImageUrls } = (await done.json()) as { outputImageUrls: string[] }
    return bytesAt(sandbox, outputImageUrls[0] ?? '')
  }
  expect(await draw('7')).toBe(await draw('7'))
  expect(await draw('7')).not.toBe(await draw('8'))
})

describe('a shape covers as much as it is large', () => {
  const square: Shape = [
    [
      [10.25, 10.5],
      [30.75, 10.5],
      [30.75, 20],
      [10.25, 20],
    ],
  ]
  it.each<[name: string, shape: Shape, area: number]>([
    ['a square between pixels', square, 20.5 * 9.5],
    [
      'a square that hangs over the edge',
      square.map((ring) => ring.map(([x, y]) => [x - 20.25, y - 15.5])),
      10.5 * 4.5,
    ],
    ['a disc', disc(50, 50, 30, 400), Math.PI * 900],
    ['a hoop', hoop(50, 50, 30, 20), Math.PI * 500],
    [
      'a slope',
      [
        [
          [0, 0],
          [100, 0],
          [0, 100],
        ],
      ],
      5_000,
    ],
  ])('%s', (_, shape, area) => {
    const canvas = new Canvas({ width: 100, height: 100 })
    canvas.flood({ colourAt: () => [0, 0, 0] })
    canvas.fill(shape, { colourAt: () => [255, 255, 255] })
    const reds = canvas.pixels.filter((_value, i) => i % 4 === 0)
    const covered = reds.reduce((sum, red) => sum + red / 255, 0)
    expect(covered / area).toBeCloseTo(1, 2)
  })
})

it('breaks lines at words', () => {
  expect(wrapText('one two three', 10, 40)).toEqual(['one two', 'three'])
  expect(wrapText('an incomprehensibility is', 10, 40)).toHaveLength(3)
  expect(lettering('O', 0, 0, 10)).toHaveLength(2)
})
