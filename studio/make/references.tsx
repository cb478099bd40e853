/** Reference pictures: dropped, pasted, chosen, or by address. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button, IconButton } from '../parts/button.tsx'
import { TextField } from '../parts/field.tsx'
import { messageOf } from '../parts/notice.tsx'
import { draft, edit } from './draft.ts'
import { addReference } from './make-task.ts'

const TYPES = 'image/png,image/jpeg,image/webp'

export function References() {
  const uploading = useSignal(0)
  const fault = useSignal<string | null>(null)
  const isOver = useSignal(false)
  const address = useSignal('')

  const upload = async (files: Iterable<File>) => {
    for (const file of files) {
      uploading.value++
      fault.value = null
      await addReference(file).catch((error: unknown) => {
        fault.value = `${file.name}: ${messageOf(error)}`
      })
      uploading.value--
    }
  }

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = pictures(event.clipboardData)
      if (files.length === 0) return
      event.preventDefault()
      void upload(files)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [])

  const addAddress = () => {
    const url = address.value.trim()
    if (!/^https?:\/\/./.test(url)) {
      fault.value = 'An address begins with https://.'
      return
    }
    fault.value = null
    address.value = ''
    edit({ references: [...draft.value.references, { url, preview: '' }] })
  }

  return (
    <fieldset
      class={isOver.value ? 'references is-over' : 'references'}
      onDragOver={(event) => {
        event.preventDefault()
        isOver.value = true
      }}
      onDragLeave={() => {
        isOver.value = false
      }}
      onDrop={(event) => {
        event.preventDefault()
        isOver.value = false
        void upload(pictures(event.dataTransfer))
      }}
    >
      <div class="references-head">
        <legend class="field-label">Reference pictures</legend>
        <FileButton onFiles={(files) => void upload(files)} />
      </div>
      <Thumbnails waiting={uploading.value} />
      <div class="references-address">
        <TextField
          label="Address of a reference picture"
          isLabelHidden
          inputMode="url"
          placeholder="https://… or drop or paste a picture"
          value={address.value}
          error={fault.value}
          onText={(text) => {
            address.value = text
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            addAddress()
          }}
        />
        {address.value !== '' && <Button onClick={addAddress}>Add</Button>}
      </div>
    </fieldset>
  )
}

function FileButton({ onFiles }: { onFiles(files: Iterable<File>): void }) {
  return (
    <label class="button button-quiet link-button file-button">
      <span aria-hidden="true">+</span> Choose files
      <input
        type="file"
        multiple
        accept={TYPES}
        class="visually-hidden"
        onChange={(event) => {
          onFiles(Array.from(event.currentTarget.files ?? []))
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}

function Thumbnails({ waiting }: { waiting: number }) {
  const { references } = draft.value
  if (references.length + waiting === 0) return null
  const remove = (position: number) =>
    edit({ references: references.filter((_, other) => other !== position) })
  return (
    <ul class="thumbnails">
      {references.map(({ url, preview }, position) => (
        <li key={`${position}-${url}`} class="thumbnail">
          {isShowable(preview) ? (
            <img src={preview} alt={`Reference ${position + 1}`} />
          ) : (
            <span class="thumbnail-host small">{hostOf(url)}</span>
          )}
          <IconButton
            class="thumbnail-remove"
            icon="close"
            label={`Remove reference ${position + 1}`}
            onClick={() => remove(position)}
          />
        </li>
      ))}
      {Array.from({ length: waiting }, (_, position) => (
        <li key={`waiting-${position}`} class="thumbnail is-waiting">
          <span class="visually-hidden">Uploading</span>
        </li>
      ))}
    </ul>
  )
}

/** The page shows pictures of its own origin only; a stranger would learn who looks at them. */
function isShowable(preview: string): boolean {
  return preview.startsWith('blob:') || preview.startsWith(`${location.origin}/`)
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

function pictures(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []).filter((file) => TYPES.split(',').includes(file.type))
}
