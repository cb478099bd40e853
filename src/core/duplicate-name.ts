/**
 * Names that stand twice in one JSON object.
 *
 * A parser keeps the last of them without a word, so what was asked for would not be what is done,
 * and a reader elsewhere may keep the first.
 */

/** The first such name, or null. The text must be valid JSON. */
export function duplicateName(json: string): string | null {
  /** The names seen in each object that is open; null for an array. */
  const open: Array<Set<string> | null> = []
  for (let position = 0; position < json.length; position++) {
    const character = json[position]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(null)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const end = endOfString(json, position)
      if (isName(json, end + 1)) {
        const name: string = JSON.parse(json.slice(position, end + 1))
        const seen = open.at(-1)
        if (seen?.has(name)) return name
        seen?.add(name)
      }
      position = end
    }
  }
  return null
}

function endOfString(json: string, start: number): number {
  let end = start + 1
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1
  return end
}

function isName(json: string, after: number): boolean {
  let position = after
  while (' \t\r\n'.includes(json[position] ?? ':')) position++
  return json[position] === ':'
}
