/** A region that may scroll, which the keyboard must be able to reach. */
import type { ComponentChildren } from 'preact'

interface Props {
  label: string
  class?: string
  children: ComponentChildren
}

export function Scroller({ label, class: className, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows scroll only what has the focus
    <section class={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
