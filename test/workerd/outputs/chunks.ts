/** Splitting bytes at random places, for whatever must not depend on how they arrive. */
import fc from 'fast-check'

export const seams = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

export function splitAt(bytes: Uint8Array, fractions: readonly number[]): Uint8Array[] {
  const places = fractions.map((fraction) => Math.floor(fraction * bytes.byteLength))
  const bounds = [0, ...places.sort((one, other) => one - other), bytes.byteLength]
  return bounds.slice(1).map((end, index) => bytes.slice(bounds[index], end))
}
