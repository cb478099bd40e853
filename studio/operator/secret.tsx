/** A secret that is shown this once. */
import { Button } from '../parts/button.tsx'
import { copy } from '../parts/copy.ts'
import { Dialog } from '../parts/dialog.tsx'
import { formatTime } from '../parts/format.ts'

export interface Secrets {
  title: string
  key: string
  webhookSecret?: string
  /** The replaced key works until then. */
  until?: string
}

export function Secret({ secrets, onClose }: { secrets: Secrets; onClose(): void }) {
  const { title, key, webhookSecret, until } = secrets
  return (
    <Dialog label={title} onClose={onClose}>
      <p class="soft">
        Shown this once: copy it now.
        {until && ` The old one works until ${formatTime(until)}.`}
      </p>
      <Value name="Key" value={key} />
      {webhookSecret && <Value name="Webhook secret" value={webhookSecret} />}
    </Dialog>
  )
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <div class="secret">
      <p class="field-label">{name}</p>
      <code class="secret-text">{value}</code>
      <Button icon="copy" onClick={() => void copy(value, name)}>
        Copy
      </Button>
    </div>
  )
}
