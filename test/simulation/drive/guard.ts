/**
 * A guard that a promise rests on, with what stands in its place when it is switched off.
 *
 * It is a function or a constant at the top of a file in `src/`, exported or not, or a unique index.
 * `switch-off.ts` exchanges it by its name; what stands in its place may use the original.
 */
/** The index is made without being unique. */
export interface IndexGuard {
  guard: string
  index: string
}

export interface SourceGuard {
  guard: string
  /** From the root of the project. */
  file: string
  /** Of a top-level function or constant. */
  name: string
  /** The other value of a constant, or a function that is given the original and returns another one. */
  instead: number | ((original: never) => unknown)
}

export type Guard = IndexGuard | SourceGuard
