/** Labelled inputs: a text field, a choice from a list, and a choice among few side by side. */
import type { ComponentChildren, TargetedInputEvent } from 'preact'
import { useId } from 'preact/hooks'
import { Icon } from './icon.tsx'
import './field.css'

interface LabelProps {
  label: string
  /** Said below the input. */
  hint?: ComponentChildren
  /** Said instead of the hint, in the colour of errors. */
  error?: string | null
  /** The label is read aloud, but not shown. */
  isLabelHidden?: boolean
}

type TextProps = LabelProps & {
  value: string
  /** Shown as dots. */
  isSecret?: boolean
  placeholder?: string
  inputMode?: 'decimal' | 'numeric' | 'search' | 'url'
  spellcheck?: boolean
  autofocus?: boolean
  onText(text: string): void
  onKeyDown?(event: KeyboardEvent): void
}

export function TextField(props: TextProps) {
  const { label, hint, error, isLabelHidden, isSecret, onText, onKeyDown, ...rest } = props
  const id = useId()
  const note = error ?? hint
  const attributes = {
    ...rest,
    id,
    class: 'input',
    autocomplete: 'off',
    'aria-invalid': error ? true : undefined,
    'aria-describedby': note ? `${id}-note` : undefined,
    onKeyDown,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onText(event.currentTarget.value),
  } as const
  return (
    <div class="field">
      <label class={isLabelHidden ? 'visually-hidden' : 'field-label'} for={id}>
        {label}
      </label>
      {isSecret ? <input {...attributes} type="password" /> : <input {...attributes} type="text" />}
      {note && (
        <p
          id={`${id}-note`}
          class={error ? 'field-error' : 'field-hint'}
          role={error ? 'alert' : undefined}
        >
          {note}
        </p>
      )}
    </div>
  )
}

interface Option<T extends string> {
  value: T
  text: string
}

interface ChoiceProps<T extends string> extends LabelProps {
  value: T
  options: ReadonlyArray<Option<T>>
  onChoice(value: T): void
}

export function SelectField<T extends string>(props: ChoiceProps<T>) {
  const { label, hint, isLabelHidden, value, options, onChoice } = props
  const id = useId()
  const choose = (text: string) => {
    const option = options.find((candidate) => candidate.value === text)
    if (option) onChoice(option.value)
  }
  return (
    <div class="field">
      <label class={isLabelHidden ? 'visually-hidden' : 'field-label'} for={id}>
        {label}
      </label>
      <div class="select">
        <select
          id={id}
          class="input"
          value={value}
          aria-describedby={hint ? `${id}-note` : undefined}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.text}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </div>
      {hint && (
        <p id={`${id}-note`} class="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}

/** Radio buttons that look like one control; arrows move between them as in any radio group. */
export function SegmentedField<T extends string>(props: ChoiceProps<T>) {
  const { label, value, options, onChoice, isLabelHidden } = props
  const name = useId()
  return (
    <fieldset class="field">
      <legend class={isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</legend>
      <div class="segments">
        {options.map((option) => (
          <label key={option.value} class="segment">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoice(option.value)}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
