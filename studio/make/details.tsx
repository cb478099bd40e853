/** What few people set; folded away. */
import { models } from '../catalogue.ts'
import { SegmentedField, SelectField, TextField } from '../parts/field.tsx'
import { ROUTES } from '../vocabulary.ts'
import { draft, edit } from './draft.ts'

export function Details({ maxUsdError }: { maxUsdError: string | undefined }) {
  const { model, negativePrompt, seed, maxUsd, route } = draft.value
  const ids: string[] = models.value.map(({ id }) => id)
  const known = ids.includes(model) ? ids : [model, ...ids]
  return (
    <details class="details">
      <summary>More</summary>
      <div class="details-body">
        <SelectField
          label="Model"
          value={model}
          options={known.map((id) => ({ value: id, text: id }))}
          onChoice={(value) => edit({ model: value })}
        />
        <TextField
          label="Not in the picture"
          value={negativePrompt}
          placeholder="text, frames"
          onText={(text) => edit({ negativePrompt: text })}
        />
        <div class="form-row">
          <TextField label="Seed" value={seed} onText={(text) => edit({ seed: text })} />
          <TextField
            label="At most, in dollars"
            value={maxUsd}
            inputMode="decimal"
            placeholder="no limit"
            error={maxUsdError ?? null}
            onText={(text) => edit({ maxUsd: text.trim().replace(',', '.') })}
          />
        </div>
        <SegmentedField
          label="Auto tries first"
          value={route}
          options={ROUTES.map((value) => ({
            value,
            text: value === 'order' ? 'as set' : `the ${value}`,
          }))}
          onChoice={(value) => edit({ route: value })}
        />
      </div>
    </details>
  )
}
