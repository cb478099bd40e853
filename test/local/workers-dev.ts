/**
 * Loaded into a script under test (`node --import`): stands in for DNS, so that addresses under workers.dev
 * lead to the stand-in for Cloudflare and the provider's to the sandbox, and nothing leaves this machine.
 */
const { STAND_IN_ORIGIN = '', SANDBOX_ORIGIN = '' } = process.env
const realFetch = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const { hostname, pathname, search } = new URL(request.url)
  const { method, headers } = request
  const body = request.body ? await request.text() : null
  const options = { method, headers, ...(body ? { body } : {}) }
  if (hostname === 'api.aivideoapi.ai')
    return realFetch(`${SANDBOX_ORIGIN}/aivideoapi.ai${pathname}${search}`, options)
  if (!hostname.endsWith('.workers.dev')) return realFetch(request.url, options)
  headers.set('x-public-url', request.url)
  return realFetch(STAND_IN_ORIGIN + pathname + search, options)
}
