/** The token of an `Authorization` header; null without the header, or with one of another scheme. */
export function bearerToken(header: string | null | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(header?.trim() ?? '')?.[1] ?? null
}
