/** The prompt: grows with its text, and can be surprised. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { draft, edit } from './draft.ts'
import { surprise } from './surprise.ts'

const PLACEHOLDER = 'A paper boat on a quiet canal, first light, watercolour'

export function Prompt({ error }: { error: string | undefined }) {
  const area = useRef<HTMLTextAreaElement>(null)
  const { prompt } = draft.value
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [prompt])
  return (
    <div class="field">
      <div class="prompt-head">
        <label class="field-label" for="prompt">
          Prompt
        </label>
        <Button
          weight="quiet"
          icon="spark"
          class="link-button"
          onClick={() => edit({ prompt: surprise(prompt) })}
        >
          Surprise
        </Button>
      </div>
      <textarea
        ref={area}
        id="prompt"
        class="input prompt"
        rows={3}
        maxLength={32_000}
        placeholder={PLACEHOLDER}
        value={prompt}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? 'prompt-error' : undefined}
        onInput={(event) => edit({ prompt: event.currentTarget.value })}
      />
      {error && (
        <p id="prompt-error" class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
