/** Before there is a key: one field, one button. */
import { useSignal } from '@preact/signals'
import { ImagegateError } from '../../client/index.ts'
import { Button } from '../parts/button.tsx'
import { TextField } from '../parts/field.tsx'
import { saveKey } from '../session.ts'
import './welcome.css'

export function Welcome() {
  const key = useSignal('')
  const fault = useSignal<string | null>(null)
  const isSaving = useSignal(false)

  const save = async () => {
    if (key.value.trim() === '') {
      fault.value = 'Paste the key that you were given.'
      return
    }
    isSaving.value = true
    fault.value = null
    await saveKey(key.value.trim()).catch((error: unknown) => {
      fault.value = faultOf(error)
    })
    isSaving.value = false
  }

  return (
    <main class="welcome">
      <div class="welcome-art" aria-hidden="true">
        <span class="welcome-tile" data-provider="aivideoapi.ai" />
        <span class="welcome-tile" data-provider="gptimage2api.org" />
        <span class="welcome-tile" data-provider="gptimage2.ai" />
        <span class="welcome-tile" data-provider="nanobananaapi.dev" />
      </div>
      <div class="welcome-words">
        <h1>Pictures, through one gate.</h1>
        <p class="soft">
          Say what to paint. The gateway finds who makes it, never pays twice, and keeps every
          picture.
        </p>
      </div>
      <form
        class="welcome-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          label="API key"
          isSecret
          autofocus
          placeholder="ig_…"
          value={key.value}
          error={fault.value}
          hint="Kept in this browser tab only, until you close it. The operator’s token opens the operator’s view."
          spellcheck={false}
          onText={(text) => {
            key.value = text
          }}
        />
        <Button type="submit" weight="primary" icon="key" disabled={isSaving.value}>
          Save key
        </Button>
      </form>
      <p class="small soft">
        No key yet? Whoever runs this gateway makes one. <a href="/docs">API reference</a>
      </p>
    </main>
  )
}

function faultOf(error: unknown): string {
  if (error instanceof ImagegateError)
    return error.code === 'invalid_api_key' ? 'The gateway does not know this key.' : error.message
  return String(error)
}
