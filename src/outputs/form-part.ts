/**
 * What a part of a form is, by its headers.
 *
 * The parser's own reading knows names in Latin script only, and of files only those with a name. A file
 * is called whatever its owner likes (a Mac puts a narrow space into those of screenshots), and may have
 * no name at all.
 */
import type { PartInfo } from 'multipasta'

export interface PartHead {
  name: string
  /** Null for a text. */
  filename: string | null
}

const PARAMETER = /;\s*(name|filename\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/gisu
/** Of a part that its sender does not name: what no text field has. */
const FILE_TYPE = /^(image\/|application\/octet-stream$)/i

export function headOf(info: PartInfo): PartHead {
  const isFile =
    FILE_TYPE.test(info.contentType) || 'filename*' in info.contentDispositionParameters
  const known = info.contentDisposition === 'form-data' ? info : readDisposition(info)
  return { name: known.name, filename: known.filename ?? (isFile ? '' : null) }
}

function readDisposition({ headers }: PartInfo): { name: string; filename?: string } {
  const found = new Map<string, string>()
  const text = String(headers['content-disposition'] ?? '')
  if (/^\s*form-data\s*;/i.test(text)) {
    for (const [, name = '', quoted, bare = ''] of text.matchAll(PARAMETER)) {
      const key = name.toLowerCase()
      if (!found.has(key)) found.set(key, quoted ?? bare.trim())
    }
  }
  const filename = found.get('filename') ?? found.get('filename*')
  return { name: found.get('name') ?? '', ...(filename === undefined ? {} : { filename }) }
}
