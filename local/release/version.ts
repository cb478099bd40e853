/** What a release changes, as pure decisions: the version's number and the changelog's headings. */

export const PARTS = ['major', 'minor', 'patch'] as const
export type Part = (typeof PARTS)[number]

/** `0.1.3` and `minor` → `0.2.0`. */
export function nextVersion(version: string, part: Part): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (part === 'major') return `${major + 1}.0.0`
  if (part === 'minor') return `${major}.${minor + 1}.0`
  return `${major}.${minor}.${patch + 1}`
}

const UNRELEASED = '## Unreleased\n'

/** What the changelog says of the coming version; '' when nothing. */
export function readUnreleased(changelog: string): string {
  const [, rest = ''] = changelog.split(UNRELEASED)
  return (rest.split(/^## /m)[0] ?? '').trim()
}

/** The changelog with what was unreleased under the version and its date (`YYYY-MM-DD`). */
export function releaseChangelog(changelog: string, version: string, date: string): string {
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## ${version} (${date})\n`)
}
