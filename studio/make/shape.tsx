/** The picture's shape: a ratio with a resolution, or exact pixels; and how many, and how fine. */
import { useId } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { SegmentedField, TextField } from '../parts/field.tsx'
import { QUALITIES, RATIOS, RESOLUTIONS } from '../vocabulary.ts'
import { draft, edit } from './draft.ts'

const options = <T extends string>(values: readonly T[]) =>
  values.map((value) => ({ value, text: value }))

export function Shape({ error }: { error: string | undefined }) {
  const { shapeBy, resolution, size, quality } = draft.value
  const isByRatio = shapeBy === 'ratio'
  return (
    <>
      <div class="shape">
        <Button
          weight="quiet"
          class="link-button shape-toggle"
          onClick={() => edit({ shapeBy: isByRatio ? 'size' : 'ratio' })}
        >
          {isByRatio ? 'Exact pixels' : 'By ratio'}
        </Button>
        {isByRatio ? (
          <RatioField />
        ) : (
          <TextField
            label="Size"
            value={size}
            placeholder="1536x1024"
            error={error ?? null}
            hint="Met exactly or not at all."
            onText={(text) => edit({ size: text.trim().replace('×', 'x') })}
          />
        )}
      </div>
      <div class="form-row">
        {isByRatio ? (
          <SegmentedField
            label="Resolution"
            value={resolution}
            options={options(RESOLUTIONS)}
            onChoice={(value) => edit({ resolution: value })}
          />
        ) : (
          <QualityField value={quality} />
        )}
        <CountField />
      </div>
      {isByRatio && <QualityField value={quality} />}
    </>
  )
}

function QualityField({ value }: { value: (typeof QUALITIES)[number] }) {
  return (
    <SegmentedField
      label="Quality"
      value={value}
      options={options(QUALITIES)}
      onChoice={(quality) => edit({ quality })}
    />
  )
}

function RatioField() {
  const name = useId()
  const { ratio } = draft.value
  const known = RATIOS.some((value) => value === ratio) ? RATIOS : [...RATIOS, ratio]
  return (
    <fieldset class="field">
      <legend class="field-label">Ratio</legend>
      <div class="ratios">
        {known.map((value) => (
          <label key={value} class="ratio">
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === ratio}
              onChange={() => edit({ ratio: value })}
            />
            <span class="ratio-face">
              <span class="ratio-box" style={boxOf(value)} />
              <span>{value}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

const BOX_PIXELS = 17

function boxOf(ratio: string) {
  const [width = 1, height = 1] = ratio === 'auto' ? [1, 1] : ratio.split(':').map(Number)
  const scale = BOX_PIXELS / Math.max(width, height)
  return {
    width: `${Math.round(width * scale)}px`,
    height: `${Math.round(height * scale)}px`,
    borderStyle: ratio === 'auto' ? 'dashed' : 'solid',
  }
}

const COUNT_MAX = 10

function CountField() {
  const id = useId()
  const { n } = draft.value
  const set = (value: number) =>
    edit({ n: Math.min(COUNT_MAX, Math.max(1, Math.round(value) || 1)) })
  return (
    <div class="field">
      <label class="field-label" for={id}>
        Count
      </label>
      <div class="count">
        <button type="button" aria-label="Fewer" disabled={n <= 1} onClick={() => set(n - 1)}>
          −
        </button>
        <input
          id={id}
          type="number"
          min={1}
          max={COUNT_MAX}
          value={n}
          onChange={(event) => set(event.currentTarget.valueAsNumber)}
        />
        <button
          type="button"
          aria-label="More"
          disabled={n >= COUNT_MAX}
          onClick={() => set(n + 1)}
        >
          +
        </button>
      </div>
    </div>
  )
}
