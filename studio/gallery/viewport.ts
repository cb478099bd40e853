/** Which stretch of an element the window shows, and how wide the element is. */
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

export interface Stretch {
  width: number
  /** From the element's upper edge. */
  from: number
  to: number
}

export function useStretch(element: RefObject<HTMLElement | null>): Stretch {
  const stretch = useSignal<Stretch>({ width: 0, from: 0, to: 0 })
  useLayoutEffect(() => {
    let frame = 0
    const measure = () => {
      frame = 0
      const box = element.current?.getBoundingClientRect()
      if (!box) return
      const next = { width: Math.floor(box.width), from: -box.top, to: innerHeight - box.top }
      if (next.width === stretch.value.width && next.from === stretch.value.from) {
        if (next.to === stretch.value.to) return
      }
      stretch.value = next
    }
    const schedule = () => {
      if (frame === 0) frame = requestAnimationFrame(measure)
    }
    measure()
    // What stands above may grow and push it down, so the whole page is watched.
    const observer = new ResizeObserver(schedule)
    observer.observe(document.body)
    if (element.current) observer.observe(element.current)
    addEventListener('scroll', schedule, { passive: true })
    addEventListener('resize', schedule)
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      removeEventListener('scroll', schedule)
      removeEventListener('resize', schedule)
    }
  }, [])
  return stretch.value
}
