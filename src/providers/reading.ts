/**
 * Fields of the providers' answers, read so that an odd one costs no picture.
 *
 * A paid answer counts as readable once it names its job or its pictures; whatever else is in it
 * may be missing or malformed.
 */
import * as z from 'zod'

/** A job's id as text. It becomes a part of a path: printable, and neither `.` nor `..`. */
export const textReferenceSchema = z.string().regex(/^(?!\.{1,2}$)[!-~]{1,255}$/)

/** A job's id in the answer to a paid call, where a number is as good as text. */
export const referenceSchema = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(textReferenceSchema)

/** More than any call costs: no price, but a mistake. */
const CREDITS_MAX = 1_000_000

/** Credits, as text too; null where they can't be read. */
export const creditsSchema = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(CREDITS_MAX))
  .nullish()
  .catch(null)

/** A yes or no, as a number or text too. */
export const flagSchema = z.union([
  z.boolean(),
  z.literal([0, 1]).transform((flag) => flag === 1),
  z.stringbool(),
])

/** The pictures of a list that can be read, in its order; none where there is no list. */
export function readablePictures<T>(picture: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((list) => list.flatMap((item) => picture.safeParse(item).data ?? []))
}

export const urlSchema = z.string().min(1)
