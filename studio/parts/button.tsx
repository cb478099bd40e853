/** Buttons: one shape, four weights. */
import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import './button.css'

type Weight = 'primary' | 'plain' | 'quiet' | 'danger'

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  weight?: Weight
  icon?: IconName
  children?: ComponentChildren
}

export function Button({ weight = 'plain', icon, type = 'button', children, ...rest }: Props) {
  return (
    <button {...rest} type={type} class={`button button-${weight} ${rest.class ?? ''}`}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

/** A button of an icon alone; its name is read aloud and shown on hover. */
export function IconButton({ label, ...rest }: Props & { label: string; icon: IconName }) {
  return (
    <Button
      weight="quiet"
      {...rest}
      class={`icon-button ${rest.class ?? ''}`}
      aria-label={label}
      title={label}
    />
  )
}
