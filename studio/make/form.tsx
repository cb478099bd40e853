/** The form that makes pictures. */
import { useSignal } from '@preact/signals'
import { Button } from '../parts/button.tsx'
import { formatPrice } from '../parts/format.ts'
import { isOperator } from '../session.ts'
import { Details } from './details.tsx'
import { draft, faultsOf, requestOf } from './draft.ts'
import { makeTask } from './make-task.ts'
import { Prompt } from './prompt.tsx'
import { ProviderChoice } from './provider-choice.tsx'
import { isQuoting, offer, quoteFault } from './quotes.ts'
import { References } from './references.tsx'
import { Shape } from './shape.tsx'
import './form.css'

export function Form() {
  const isSending = useSignal(false)
  const wasTried = useSignal(false)
  const faults = faultsOf(draft.value)
  const canSend = Object.keys(faults).length === 0 && (offer.value?.eligible ?? true)

  const send = async () => {
    wasTried.value = true
    if (isSending.value || !canSend) return
    isSending.value = true
    if (await makeTask(requestOf(draft.value))) wasTried.value = false
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
        <GenerateButton isSending={isSending.value} isBlocked={offer.value?.eligible === false} />
      </div>
    </form>
  )
}

/** The price stands on the button, but is no part of its name. */
function GenerateButton({ isSending, isBlocked }: { isSending: boolean; isBlocked: boolean }) {
  const price = offer.value?.eligible ? formatPrice(offer.value) : null
  const note = quoteFault.value ?? (isBlocked ? offer.value?.reason : null)
  return (
    <>
      <Button
        type="submit"
        weight="primary"
        class="generate"
        disabled={isSending || isBlocked}
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
