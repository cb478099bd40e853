/** A modal dialog on the browser's own: it keeps the focus inside, and Escape closes it. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from './button.tsx'
import { Notices } from './notice.tsx'
import './dialog.css'

interface Props {
  label: string
  /** `whole` fills the window, as for pictures. */
  size?: 'small' | 'whole'
  onClose(): void
  onKeyDown?(event: KeyboardEvent): void
  children: ComponentChildren
}

export function Dialog({ label, size = 'small', onClose, onKeyDown, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    element.current?.showModal()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class={`dialog dialog-${size}`}
      aria-label={label}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        // The dialog itself is hit only outside of what it holds.
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div class="dialog-body">
        {size === 'small' && <h2 class="dialog-title">{label}</h2>}
        <IconButton class="dialog-close" icon="close" label="Close" onClick={onClose} />
        {children}
      </div>
      <Notices />
    </dialog>
  )
}
