/**
 * One stored picture: small where it is shown small, its room reserved. While it loads there is the copy that
 * was shown before, or a blurred one.
 *
 * Where the gateway makes no smaller copies it serves originals; the page notices by their size and
 * stops asking for the blurred one, which would be the whole picture a second time.
 */
import { useSignal } from '@preact/signals'
import type { Output, Task } from '../../client/index.ts'
import { renewAddresses } from './list.ts'
import './picture.css'

/** Few widths, so that few copies are made. */
const WIDTHS = [320, 640, 1280, 2048] as const
const PLACEHOLDER_WIDTH = 16

let hasRenditions = true

/** By the picture's hash: the address of the copy that was shown last. */
const shownBefore = new Map<string, string>()

/** On this origin whatever the gateway calls itself: the signature is of the path. */
export function pathOf(output: Output): string {
  const { pathname, search } = new URL(output.url)
  return pathname + search
}

/** The copy that is sharp at so many CSS pixels; the original when it is hardly wider. */
export function sourceFor(output: Output, cssWidth: number): string {
  const wanted = cssWidth * Math.min(2, devicePixelRatio)
  const width = WIDTHS.find((candidate) => candidate >= wanted) ?? 2048
  return renditionOf(output, width)
}

function renditionOf(output: Output, width: number): string {
  return `${pathOf(output)}&width=${width}&format=webp`
}

interface Props {
  task: Task
  output: Output
  /** At which it is shown, in CSS pixels. */
  width: number
  alt: string
}

export function Picture({ task, output, width, alt }: Props) {
  const isLoaded = useSignal(false)
  const wasRefreshed = useSignal(false)
  const isMissing = useSignal(false)
  const source = sourceFor(output, width)
  const isWaiting = !isLoaded.value && !isMissing.value
  const before = shownBefore.get(output.sha256)
  return (
    <span class="picture">
      {isWaiting && before !== undefined && <img src={before} alt="" />}
      {isWaiting && before === undefined && hasRenditions && (
        <img
          class="picture-placeholder"
          src={renditionOf(output, PLACEHOLDER_WIDTH)}
          alt=""
          onLoad={(event) => {
            if (event.currentTarget.naturalWidth > PLACEHOLDER_WIDTH) hasRenditions = false
          }}
        />
      )}
      <img
        class={isLoaded.value ? 'picture-image is-loaded' : 'picture-image'}
        src={source}
        alt={alt}
        width={output.width ?? undefined}
        height={output.height ?? undefined}
        decoding="async"
        onLoad={() => {
          isLoaded.value = true
          isMissing.value = false
          shownBefore.set(output.sha256, source)
        }}
        onError={() => {
          isMissing.value = true
          // Its address may have expired while the page stood open.
          if (wasRefreshed.value) return
          wasRefreshed.value = true
          renewAddresses(task.id).catch(() => undefined)
        }}
      />
      {isMissing.value && <span class="picture-missing small">could not be loaded</span>}
    </span>
  )
}
