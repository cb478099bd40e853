/** Which methods a path has, so that a wrong one gets 405 and not 404. */
import type { RouterRoute } from 'hono/types'

/** The methods registered for a path, HEAD beside GET; empty when the path is unknown. */
export function allowedMethods(routes: readonly RouterRoute[], path: string): string[] {
  const methods = routes
    .filter((route) => route.method !== 'ALL' && patternOf(route.path).test(path))
    .flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  return [...new Set(methods)].sort()
}

function patternOf(path: string): RegExp {
  const source = path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')
  return new RegExp(`^${source}$`)
}
