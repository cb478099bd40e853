/** What is wrong with a value, in words that follow its name: "must be 1k, 2k or 4k". */
import type { $ZodRawIssue } from 'zod/v4/core'

const orList = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** By the type that was expected. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'must be text',
  int: 'must be a whole number',
  number: 'must be a number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
}

/** Undefined leaves the words to zod; a schema's own words come before these. */
export function plainMessage(issue: $ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : TYPES[issue.expected]
    case 'invalid_value':
      return `must be ${orList.format(issue.values.map(String))}`
    case 'too_small':
      return sizeMessage('least', 'more', issue.origin, issue.minimum, issue.inclusive)
    case 'too_big':
      return sizeMessage('most', 'less', issue.origin, issue.maximum, issue.inclusive)
    case 'invalid_key':
      return `has a name that is not known here`
    case 'invalid_union':
      return 'has the wrong type'
    default:
      return undefined
  }
}

function sizeMessage(
  bound: 'least' | 'most',
  beyond: 'more' | 'less',
  origin: string,
  limit: number | bigint,
  isInclusive = true,
): string {
  if (!isInclusive) return `must be ${beyond} than ${limit}`
  if (origin === 'string') return `must have at ${bound} ${limit} characters`
  if (origin === 'array') return `must have at ${bound} ${limit} entries`
  return `must be at ${bound} ${limit}`
}
