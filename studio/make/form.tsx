/** The form that makes pictures. */
import { signal, useSignal } from '@preact/signals'
import { Button } from '../parts/button.tsx'
import { formatPrice } from '../parts/format.ts'
import { messageOf } from '../parts/notice.tsx'
import { isOperator } from '../session.ts'
import { Details } from './details.tsx'
import { type Draft, draft, faultsOf, requestOf } from './draft.ts'
import { makeTask, showGallery } from './make-task.ts'
import { Prompt } from './prompt.tsx'
import { ProviderChoice } from './provider-choice.tsx'
import { isQuoting, obstacle, offer, quoteFault } from './quotes.ts'
import { References } from './references.tsx'
import { Shape } from './shape.tsx'
import './form.css'

/** Why a draft was refused; it stands until the draft is another one. */
const refusal = signal<{ draft: Draft; reason: string } | null>(null)

export function Form() {
  const isSending = useSignal(false)
  const wasTried = useSignal(false)
  const faults = faultsOf(draft.value)

  const send = async () => {
    wasTried.value = true
    if (faults.prompt) document.getElementById('prompt')?.focus()
    if (isSending.value || Object.keys(faults).length > 0 || obstacle.value) return
    isSending.value = true
    try {
      await makeTask(requestOf(draft.value))
      wasTried.value = false
      showGallery()
    } catch (error) {
      refusal.value = { draft: draft.value, reason: messageOf(error) }
    }
    isSending.value = false
  }

  if (isOperator.value) return <OperatorNote />
  return (
    <form
      class="form"
      aria-label="Make a picture"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
      }}
    >
      <Prompt error={wasTried.value ? faults.prompt : undefined} />
      <References />
      <Shape error={faults.size} />
      <ProviderChoice />
      <Details maxUsdError={faults.maxUsd} />
      <div class="form-send">
        <GenerateButton
          isSending={isSending.value}
          fault={wasTried.value ? (faults.size ?? faults.maxUsd) : undefined}
        />
      </div>
    </form>
  )
}

interface GenerateProps {
  isSending: boolean
  /** What has to be mended first, which may be out of sight or folded away. */
  fault: string | undefined
}

/** The price stands on the button, but is no part of its name. */
function GenerateButton({ isSending, fault }: GenerateProps) {
  const price = offer.value?.eligible ? formatPrice(offer.value) : null
  const refused = refusal.value?.draft === draft.value ? refusal.value.reason : null
  const note = fault ?? refused ?? quoteFault.value ?? obstacle.value
  return (
    <>
      <Button
        type="submit"
        weight="primary"
        class="generate"
        disabled={isSending || obstacle.value !== null}
        aria-describedby="generate-note"
      >
        <span>Generate</span>
        {price && (
          <span
            class={isQuoting.value ? 'generate-price is-stale' : 'generate-price'}
            aria-hidden="true"
          >
            {price}
          </span>
        )}
      </Button>
      <p id="generate-note" class={note ? 'form-note' : 'visually-hidden'} aria-live="polite">
        {note ?? (price && offer.value ? `${price} at ${offer.value.provider}` : '')}
      </p>
    </>
  )
}

function OperatorNote() {
  return (
    <div class="form form-operator">
      <h2>Looking only</h2>
      <p class="soft">
        The admin token sees every key’s pictures and makes none. Use a client key to make some; the
        operator’s view makes keys.
      </p>
    </div>
  )
}
