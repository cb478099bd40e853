/**
 * The pictures of finished jobs: under which addresses they are named, and how they are served.
 *
 * Invariant: `isLeft` says whether whoever asks correctly can still have a picture.
 */
import type { Clock, Job, JobBook, Size } from './jobs.ts'
import { padPicture } from './padding.ts'
import type { Format } from './picture.ts'

const HUGE_MIB = 60
const MIB = 1024 * 1024
/** An address that expires can be used once, and this long. */
const TICKET_MS = 20_000
/** More redirects than anybody should follow. */
const HOPS = 5
const BINARY_PIECE_BYTES = 8192
const PRIVATE_ORIGIN = 'https://10.0.0.1'

/** @param text the prompt, after the number of the picture where a job has several. */
export type Draw = (
  provider: string,
  text: string,
  size: Size,
  look: { seed: string; format: Format },
) => Uint8Array

export class PictureDesk {
  readonly #book: JobBook
  readonly #clock: Clock
  readonly #draw: Draw
  /** Until when an address that expires can be used. */
  readonly #tickets = new Map<string, number>()

  constructor(book: JobBook, clock: Clock, draw: Draw) {
    this.#book = book
    this.#clock = clock
    this.#draw = draw
  }

  /** The addresses of a finished job's pictures, as one answer names them. */
  addresses(base: string, job: Job): string[] {
    const count = job.faults.finish === 'empty' ? 0 : (job.faults.makes ?? job.count)
    const named = Array.from({ length: count }, (_, index) => this.#address(base, job, index))
    if (named.join() !== job.named.join()) this.#book.update(job, { named })
    return named
  }

  /** @param isNamedOnce nobody can ask for another address. */
  isLeft(job: Job, index: number, isNamedOnce: boolean): boolean {
    const { serves } = job.faults
    const served = this.#book.struck(job.provider, job.id, `file ${index}`)
    if (serves !== undefined && served >= serves) return false
    if (!isNamedOnce) return true
    const address = job.named[index] ?? PRIVATE_ORIGIN
    return !address.startsWith(PRIVATE_ORIGIN) && this.#isTicketValid(address)
  }

  /** Answers a download, well or badly. */
  serve(
    base: string,
    job: Job,
    index: number,
    url: URL,
  ): { response: Response; isPicture: boolean } {
    const bad = this.#spoil(base, job, index, url)
    return {
      response: bad ?? pictureResponse(typeOf(job), this.#drawn(job, index)),
      isPicture: bad === null,
    }
  }

  /** What is served in the place of the picture, or null for the picture itself. */
  #spoil(base: string, job: Job, index: number, url: URL): Response | null {
    if (!this.#isTicketValid(url.href)) return new Response('Expired', { status: 403 })
    this.#tickets.delete(ticketIn(url.href) ?? '')
    const path = base + pathOf(job, index)
    const hops = Number(url.searchParams.get('hops') ?? 0)
    if (hops > 0 && hops < HOPS) return Response.redirect(`${path}?hops=${hops + 1}`, 302)
    const { serves } = job.faults
    const isGone =
      serves !== undefined && !this.#book.strikes(job.provider, job.id, `file ${index}`, serves)
    if (isGone) return new Response('Gone', { status: 410 })
    return hops > 0 ? null : this.#spoilOnDemand(path, job, index)
  }

  dataUrl(job: Job, index: number): string {
    return `data:${typeOf(job)};base64,${toBase64(this.#drawn(job, index))}`
  }

  #drawn({ provider, prompt, count, size, seed, faults }: Job, index: number): Uint8Array {
    const { format = 'png', bytes = 0 } = faults
    const text = count > 1 ? `${index + 1}/${count} ${prompt}` : prompt
    return padPicture(this.#draw(provider, text, size, { seed, format }), bytes)
  }

  #address(base: string, job: Job, index: number): string {
    const { picture, inline, times } = job.faults
    const path = pathOf(job, index)
    const isSpecial = !inline && (picture === 'expires' || picture === 'private-direct')
    if (!isSpecial || !this.#book.strikes(job.provider, job.prompt, `address ${index}`, times)) {
      return base + path
    }
    if (picture === 'private-direct') return PRIVATE_ORIGIN + path
    const ticket = crypto.randomUUID()
    this.#tickets.set(ticket, this.#clock.now() + TICKET_MS)
    return `${base}${path}?ticket=${ticket}`
  }

  #isTicketValid(address: string): boolean {
    const ticket = ticketIn(address)
    return ticket === null || (this.#tickets.get(ticket) ?? 0) > this.#clock.now()
  }

  #spoilOnDemand(path: string, job: Job, index: number): Response | null {
    const { picture, times } = job.faults
    if (!picture || picture === 'expires' || picture === 'private-direct') return null
    if (!this.#book.strikes(job.provider, job.prompt, `picture ${index}`, times)) return null
    const bytes = this.#drawn(job, index)
    const half = bytes.subarray(0, bytes.byteLength / 2)
    switch (picture) {
      case 'html':
        return lyingResponse('<html>Gone</html>')
      case 'svg':
        return lyingResponse('<svg xmlns="http://www.w3.org/2000/svg"/>')
      case 'huge':
        return unmeasuredResponse(bytes, HUGE_MIB)
      case 'truncated':
        return pictureResponse(typeOf(job), half, bytes.byteLength)
      case 'cut':
        return unmeasuredResponse(half)
      case 'redirect':
        return Response.redirect(`${path}?again`, 302)
      case 'redirects':
        return Response.redirect(`${path}?hops=1`, 302)
      case 'redirect-http':
        return Response.redirect(`${path.replace(/^https:/, 'http:')}?hops=${HOPS}`, 302)
      case 'private':
        return Response.redirect('http://169.254.169.254/latest/meta-data', 302)
      case '404':
      case '500':
        return new Response('Gone', { status: Number(picture) })
      default:
        return Response.redirect(picture, 302)
    }
  }
}

function ticketIn(address: string): string | null {
  return new URL(address).searchParams.get('ticket')
}

function typeOf({ faults }: Job): string {
  return faults.format === 'jpeg' ? 'image/jpeg' : 'image/png'
}

function pathOf({ id, faults }: Job, index: number): string {
  return `/files/${id}/${index}.${faults.format === 'jpeg' ? 'jpg' : 'png'}`
}

/** Piece by piece, since a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.byteLength; at += BINARY_PIECE_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + BINARY_PIECE_BYTES))
  }
  return btoa(text)
}

function pictureResponse(type: string, bytes: Uint8Array, length = bytes.byteLength): Response {
  const headers = { 'content-type': type, 'content-length': String(length) }
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers })
}

function lyingResponse(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'image/png' } })
}

/** Begins like the real picture and goes on for so long, without having said how long it is. */
function unmeasuredResponse(beginning: Uint8Array, mibMax = 0): Response {
  let mib = 0
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(beginning),
    pull(controller) {
      if (mib++ === mibMax) controller.close()
      else controller.enqueue(new Uint8Array(MIB))
    },
  })
  return new Response(body, {
    headers: { 'content-type': 'image/png', 'transfer-encoding': 'chunked' },
  })
}
