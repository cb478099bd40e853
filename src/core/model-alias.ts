/** Other names that clients may ask for, as the operator set them: `gpt-image-1` for `gpt-image-2`. */
import { MODELS, type Model } from './request'
import { type Result, refuse, success } from './result'

/** The model that serves each of the other names. */
export type ModelAliases = ReadonlyMap<string, Model>

/** The model that serves what was asked for; null when nothing here has that name. */
export function servedModel(asked: string, aliases: ModelAliases): Model | null {
  return MODELS.find((model) => model === asked) ?? aliases.get(asked) ?? null
}

/**
 * Reads pairs such as `gpt-image-1=gpt-image-2`.
 *
 * A name that is a model itself is refused: whoever asks for that model must get it.
 *
 * @returns the aliases, or what is wrong, in words that follow the setting's name
 */
export function parseModelAliases(pairs: readonly string[]): Result<ModelAliases, string> {
  const aliases = new Map<string, Model>()
  for (const pair of pairs) {
    const [, asked, served] = /^([^\s=]{1,64})\s*=\s*([^\s=]+)$/.exec(pair) ?? []
    const model = MODELS.find((name) => name === served)
    if (asked === undefined) return refuse(`"${pair}" must look like asked=served`)
    if (!model) return refuse(`"${served}" is no model; it must be one of ${MODELS.join(', ')}`)
    if (servedModel(asked, aliases)) return refuse(`"${asked}" is a model already, or named twice`)
    aliases.set(asked, model)
  }
  return success(aliases)
}
