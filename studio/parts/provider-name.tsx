/** A provider by its colour and its name. */
import type { ProviderId } from '../../client/index.ts'
import './provider-name.css'

export function ProviderDot({ id }: { id: ProviderId | 'auto' }) {
  return <span class="provider-dot" data-provider={id} aria-hidden="true" />
}

export function ProviderName({ id }: { id: ProviderId }) {
  return (
    <span class="provider-name">
      <ProviderDot id={id} />
      <span class="truncate">{id}</span>
    </span>
  )
}

/** The colour token of a provider, for what is not drawn by CSS. */
export function providerToken(id: ProviderId): string {
  return `--provider-${id.split('.')[0]}`
}
