/** What the draft would cost at each provider, asked again shortly after each change. */
import { computed, effect, signal } from '@preact/signals'
import { ImagegateError, type Quote, type TaskRequest } from '../../client/index.ts'
import { apiKey, client, isOperator } from '../session.ts'
import { draft, faultsOf, requestOf } from './draft.ts'

const PAUSE_MS = 300
/** Stands for a prompt that is not written yet, so that prices can be shown before it is. */
const ANY_PROMPT = 'A picture'

export const quotes = signal<readonly Quote[]>([])
/** Why there are no quotes. */
export const quoteFault = signal<string | null>(null)
export const isQuoting = signal(false)

/** Asks for all providers whichever is chosen, so that the choice shows what the others would cost. */
const question = computed(() => {
  const { size, maxUsd } = faultsOf(draft.value)
  if (size || maxUsd) return null
  const { provider: _, ...request } = requestOf(draft.value)
  return JSON.stringify({ ...request, prompt: request.prompt ?? ANY_PROMPT })
})

/** Why the draft can't be made by whom it is for, as far as quotes tell. */
export const obstacle = computed<string | null>(() => {
  if (quotes.value.length === 0 || offer.value?.eligible) return null
  if (draft.value.provider === 'auto') return 'No provider can make this; each one says why above.'
  return offer.value?.reason ?? 'The provider can’t make this.'
})

/** The provider that would make the draft: the chosen one, or the first that can. */
export const offer = computed<Quote | null>(() => {
  const { provider } = draft.value
  const found = quotes.value.find((quote) =>
    provider === 'auto' ? quote.eligible : quote.provider === provider,
  )
  return found ?? null
})

/** Keeps the quotes up with the draft. @returns a stop. */
export function keepQuotes(): () => void {
  return effect(() => {
    const asked = question.value
    if (apiKey.value === null || isOperator.value || asked === null) return
    const controller = new AbortController()
    const timer = setTimeout(() => void ask(asked, controller.signal), PAUSE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
      isQuoting.value = false
    }
  })
}

async function ask(asked: string, signal: AbortSignal): Promise<void> {
  isQuoting.value = true
  try {
    const request: TaskRequest = JSON.parse(asked)
    quotes.value = await client().quotes.create(request, { signal })
    quoteFault.value = null
  } catch (error) {
    if (signal.aborted) return
    quotes.value = []
    quoteFault.value = error instanceof ImagegateError ? error.message : String(error)
  } finally {
    if (!signal.aborted) isQuoting.value = false
  }
}
