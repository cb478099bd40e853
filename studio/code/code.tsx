/** The request of a task in the language of one's choice, to be copied. */
import { signal } from '@preact/signals'
import type { Task } from '../../client/index.ts'
import { Button } from '../parts/button.tsx'
import { copy } from '../parts/copy.ts'
import { SegmentedField } from '../parts/field.tsx'
import { Scroller } from '../parts/scroller.tsx'
import { LANGUAGES, type Language, snippetOf } from './snippets.ts'
import './code.css'

/** Whoever chose one wants it for the next picture too. */
const language = signal<Language>('curl')

export function Code({ task }: { task: Task }) {
  const text = snippetOf(language.value, task, location.origin)
  return (
    <div class="code">
      <SegmentedField
        label="Language"
        isLabelHidden
        value={language.value}
        options={LANGUAGES.map((value) => ({ value, text: value }))}
        onChoice={(value) => {
          language.value = value
        }}
      />
      <Scroller label={`Request as ${language.value}`} class="code-text">
        <pre>{text}</pre>
      </Scroller>
      <Button class="code-copy" icon="copy" onClick={() => void copy(text, 'Code')}>
        Copy code
      </Button>
    </div>
  )
}
