/**
 * Loaded into a deployment script under test (`node --import`): stands in for DNS, so that addresses under
 * workers.dev lead to the stand-in on loopback and nothing leaves this machine.
 */
const { STAND_IN_ORIGIN = '' } = process.env
const realFetch = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const { hostname, pathname, search } = new URL(request.url)
  if (!hostname.endsWith('.workers.dev')) return realFetch(request)
  const headers = new Headers(request.headers)
  headers.set('x-public-url', request.url)
  const { method } = request
  const body = request.body ? await request.text() : null
  return realFetch(STAND_IN_ORIGIN + pathname + search, {
    method,
    headers,
    ...(body ? { body } : {}),
  })
}
