/** Forms with files, read as they stream. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FormCaps, PIECE_BYTES, readForm } from '../../../src/outputs/form'
import { seams, splitAt } from './chunks'
import { brokenStream, pictureOf, runtimeStream } from './pictures'

const CAPS = { bytesMax: 1024 * 1024, textBytesMax: 1000, partsMax: 8 }
const TYPE = 'multipart/form-data; boundary=b'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

function streamOf(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) if (piece.byteLength > 0) controller.enqueue(piece)
      controller.close()
    },
  })
}

/** Every part in words, files with their bytes; a fault by its kind. */
async function read(
  body: ReadableStream<Uint8Array>,
  { type = TYPE, caps = CAPS, size = 100 }: { type?: string; caps?: FormCaps; size?: number } = {},
): Promise<string[]> {
  const seen: string[] = []
  for await (const part of readForm(body, type, caps)) {
    if (!part.ok) {
      seen.push(`! ${part.refusal.kind}`)
    } else if (part.value.kind === 'text') {
      seen.push(`${part.value.name}=${part.value.text}`)
    } else {
      const { name, filename, contentType, body: file } = part.value
      let text = ''
      for (;;) {
        const piece = await file.read(new Uint8Array(size))
        if (!piece.ok) text += `! ${piece.refusal.kind}`
        if (!piece.ok || piece.value.byteLength === 0) break
        text += textOf(piece.value)
      }
      seen.push(`${name} ${filename} ${contentType} ${text}`)
    }
  }
  return seen
}

async function filesOf(body: ReadableStream<Uint8Array>) {
  const files: object[] = []
  for await (const part of readForm(body, TYPE, CAPS)) {
    if (!part.ok || part.value.kind !== 'file') throw new Error('This is no file.')
    const { name, filename } = part.value
    files.push({ name, filename })
  }
  return files
}

const field = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file = (name: string, value: string, filename = 'a.png') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: image/png\r\n\r\n${value}\r\n`
const END = '--b--\r\n'

describe('read are', () => {
  it.each<[string, string, string[]]>([
    ['text and files', field('a', '1') + file('f', 'PNG') + END, ['a=1', 'f a.png image/png PNG']],
    [
      'several files',
      file('f', 'x') + file('f', 'y') + END,
      ['f a.png image/png x', 'f a.png image/png y'],
    ],
    ['empty parts', field('a', '') + file('f', '') + END, ['a=', 'f a.png image/png ']],
    ['a preamble', `preamble\r\n${field('a', '1')}${END}`, ['a=1']],
    ['an epilogue', `${field('a', '1')}${END}more\r\n--b\r\nxxx`, ['a=1']],
    ['no final line break', `${field('a', '1')}--b--`, ['a=1']],
    [
      'almost boundaries',
      `${file('f', '\r\n--a\r\n-b\r\n\r\n--\r--b\n--b')}${END}`,
      ['f a.png image/png \r\n--a\r\n-b\r\n\r\n--\r--b\n--b'],
    ],
    ['dashes', `${file('f', '-----')}${END}`, ['f a.png image/png -----']],
    ['umlauts', `${field('a', 'ä')}${END}`, ['a=ä']],
    ['no parts', END, []],
  ])('%s', async (_, form, parts) => {
    expect(await read(streamOf([bytesOf(form)]))).toEqual(parts)
    expect(await read(runtimeStream(bytesOf(form)))).toEqual(parts)
  })

  // What the client's words for a file are; the narrow space is in every screenshot of a Mac.
  it.each([
    ['name="f"; filename="Screenshot 2026-11-02 at 3.45.12\u202fPM.png"', 'f', /PM\.png$/],
    ['name="f"; filename="日本の絵.png"', 'f', '日本の絵.png'],
    ['name="image[]"; filename="🐈 – “cat”; 100%.png"', 'image[]', '🐈 – “cat”; 100%.png'],
    ['filename="日.png"; name="f"', 'f', '日.png'],
    ['name="f"; filename="日; name=g.png"', 'f', '日; name=g.png'],
    ['name="f"; filename*=UTF-8\'\'%E6%97%A5.png', 'f', '日.png'],
    ['name="f"; filename*=iso-8859-1\'en\'%A3.png', 'f', ''],
    ['name="f"; filename=my photo.png', 'f', 'my photo.png'],
    ['name="f"; filename="100%.png"', 'f', '100%.png'],
    ['name="f"; filename=""', 'f', ''],
    ['name="f"', 'f', ''],
  ])('a file called %s', async (disposition, name, filename) => {
    const head = `Content-Disposition: form-data; ${disposition}\r\nContent-Type: image/png`
    const form = bytesOf(`--b\r\n${head}\r\n\r\nPNG\r\n${END}`)
    const parts = await filesOf(streamOf([form]))
    expect(parts).toEqual([
      { name, filename: typeof filename === 'string' ? filename : expect.stringMatching(filename) },
    ])
    expect(await filesOf(streamOf([...form].map((byte) => Uint8Array.of(byte))))).toEqual(parts)
  })

  it('bytes without a name as a file, and text with a type as text', async () => {
    const part = (type: string) =>
      `--b\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: ${type}\r\n\r\nx\r\n`
    const types = ['application/octet-stream', 'text/plain; charset=utf-8', 'application/json']
    const form = bytesOf(types.map(part).join('') + END)
    expect(await read(streamOf([form]))).toEqual(['f  application/octet-stream x', 'f=x', 'f=x'])
  })

  it('forms as the runtime writes them', async () => {
    const form = new FormData()
    form.append('prompt', 'A stamp\r\n--')
    form.append('image[]', new File(['PNG'], 'ä "1".png', { type: 'image/png' }))
    const request = new Request('https://example.com', { method: 'POST', body: form })
    const type = request.headers.get('content-type') ?? ''
    const parts = request.body ? await read(request.body, { type }) : []
    expect(parts[0]).toBe('prompt=A stamp\r\n--')
    expect(parts[1]).toMatch(/^image\[\] .* image\/png PNG$/)
  })
})

describe('a fault is', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', ['! cut_off']],
    ['an end in a header', field('a', '1') + file('f', 'x').slice(0, 30), ['a=1', '! cut_off']],
    ['an end in a text', field('a', '1') + field('b', '1').slice(0, -2), ['a=1', '! cut_off']],
    [
      'an end in a file',
      file('f', 'xyz').slice(0, -2),
      ['f a.png image/png ! cut_off', '! cut_off'],
    ],
    [
      'an end before the last boundary',
      file('f', 'xyz'),
      ['f a.png image/png ! cut_off', '! cut_off'],
    ],
    [
      'an end in the last boundary',
      `${file('f', 'xyz')}--b-`,
      ['f a.png image/png xyz', '! cut_off'],
    ],
    [
      'a part without a name',
      '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--',
      ['! not_a_form'],
    ],
    ['a part without headers', '--b\r\n\r\nx\r\n--b--', ['! not_a_form']],
    ['a header that is none', '--b\r\nno header\r\n\r\nx\r\n--b--', ['! not_a_form']],
    ['a text beyond its cap', field('a', 'x'.repeat(1001)) + END, ['! too_large']],
    [
      'too many parts',
      field('a', '1').repeat(9) + END,
      [...Array(8).fill('a=1'), '! too_many_parts'],
    ],
    [
      'a form beyond its cap',
      file('f', 'x'.repeat(CAPS.bytesMax)) + END,
      [expect.stringMatching(/x! too_large$/), '! too_large'],
    ],
  ])('%s', async (_, form, parts) => {
    expect(await read(streamOf([bytesOf(form)]))).toEqual(parts)
  })

  it.each(['multipart/form-data', 'multipart/form-data; boundary=', 'text/plain'])(
    'a type without a boundary: %s',
    async (type) => {
      expect(await read(streamOf([bytesOf(END)]), { type })).toEqual(['! not_a_form'])
    },
  )

  it('a connection that is lost', async () => {
    const seen = await read(brokenStream(bytesOf(file('f', 'xyz'))))
    expect(seen.at(-1)).toBe('! broken_off')
    expect(seen[0]).toMatch(/! broken_off$/)
  })
})

const anyText = fc
  .array(fc.constantFrom('\r', '\n', '-', '--', 'b', '--b', '\r\n--', 'x', '\r\n--a'), {
    maxLength: 12,
  })
  .map((words) => words.join(''))
  .filter((text) => !`\r\n${text}\r\n--`.slice(0, -4).includes('\r\n--b'))

it('whatever is like a boundary and is none stays', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, seams, async (one, two, fractions) => {
      const form = bytesOf(file('f', one) + field('t', two) + file('g', two) + END)
      expect(await read(streamOf(splitAt(form, fractions)), { size: 3 })).toEqual([
        `f a.png image/png ${one}`,
        `t=${two}`,
        `g a.png image/png ${two}`,
      ])
    }),
    { numRuns: 300 },
  )
})

/** The form is taken in pieces, of which the last 512 bytes go by themselves. */
it.each([PIECE_BYTES - 512, PIECE_BYTES, 2 * PIECE_BYTES])(
  'wherever a piece ends, around byte %d, the form is the same',
  async (place) => {
    const caps = { ...CAPS, bytesMax: 4 * PIECE_BYTES, textBytesMax: 200_000 }
    const start = file('f', '').length - 2
    const seam = `\r\n${field('a', 'text-\r\n--')}${file('g', '-\r-')}`
    const behind = seam + file('h', 'y'.repeat(PIECE_BYTES)) + END
    for (let shift = 0; shift <= seam.length; shift++) {
      const filling = 'x'.repeat(place - start - shift)
      const form = `${file('f', '').slice(0, -2)}${filling}${behind}`
      expect(await read(streamOf([bytesOf(form)]), { caps, size: 270_000 })).toEqual([
        `f a.png image/png ${filling}`,
        'a=text-\r\n--',
        'g a.png image/png -\r-',
        `h a.png image/png ${'y'.repeat(PIECE_BYTES)}`,
      ])
    }
  },
)

it('headers, texts and files that are longer than a piece stay as they are', async () => {
  const caps = { bytesMax: 10_000_000, textBytesMax: 200_000, partsMax: 50 }
  for (const shift of [0, 1, 2, 3, 64, 500, 511, 512, 513, 700]) {
    const name = 'n'.repeat(15_000)
    const text = Array.from({ length: 30_000 }, (_, index) => index % 10).join('')
    const one = textOf(pictureOf(PIECE_BYTES * 2 - 300 + shift))
    const form = Buffer.from(
      file('f', one) + field('t', text.repeat(4)) + file(name, one) + field('u', text) + END,
      'latin1',
    )
    expect(await read(streamOf([form]), { caps, size: 50_000 })).toEqual([
      `f a.png image/png ${one}`,
      `t=${text.repeat(4)}`,
      `${name} a.png image/png ${one}`,
      `u=${text}`,
    ])
  }
})

it('an unread file is skipped', async () => {
  const form = file('f', textOf(pictureOf(200_000))) + field('a', '1') + END
  const names: string[] = []
  for await (const part of readForm(streamOf([bytesOf(form)]), TYPE, CAPS)) {
    if (part.ok) names.push(part.value.name)
  }
  expect(names).toEqual(['f', 'a'])
})
