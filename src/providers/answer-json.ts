/** The JSON of an answer: as it stands, or sent as server-sent events that nobody asked for. */

/** A field of an event stream whose value is an object, or one written as text. */
const EVENT = /^data:\s*(?=[{"])/

/**
 * What an answer says, without our key, which a provider may quote; undefined when it is no JSON.
 *
 * @param text runs of line breaks between tokens may have become one
 */
export function parseAnswer(text: string, apiKey: string): unknown {
  const parsed = parseJson(text, apiKey)
  return parsed === undefined ? lastEvent(text, apiKey) : parsed
}

/** What comes before the last event is how far the work was. */
function lastEvent(text: string, apiKey: string): unknown {
  const lines = text.split(/[\r\n]+/).filter((line) => EVENT.test(line))
  const last = lines.at(-1)
  return last === undefined ? undefined : parseJson(last.replace(EVENT, ''), apiKey)
}

function parseJson(text: string, apiKey: string): unknown {
  const redact = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(apiKey, '[key]') : value
  try {
    return JSON.parse(text, redact)
  } catch {
    return undefined
  }
}
