/** The registry: every provider, in the order of the documentation. */
import type { ProviderId } from '../core/request'
import { aivideoapiAi } from './aivideoapi.ai'
import { gptimage2Ai } from './gptimage2.ai'
import { gptimage2apiOrg } from './gptimage2api.org'
import { nanobananaapiDev } from './nanobananaapi.dev'
import type { Provider } from './provider'

export const PROVIDERS: Readonly<Record<ProviderId, Provider>> = {
  'aivideoapi.ai': aivideoapiAi,
  'gptimage2api.org': gptimage2apiOrg,
  'gptimage2.ai': gptimage2Ai,
  'nanobananaapi.dev': nanobananaapiDev,
}
