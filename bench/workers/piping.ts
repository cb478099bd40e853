/** The gateway, and, at `/_bench/pipe?url=`, the least that storing a picture could be. */
import worker, { TaskRunner } from '../../src/index'
import type { Env } from '../../src/settings'

export { TaskRunner }

const gateway: Required<Pick<ExportedHandler<Env>, 'fetch'>> = worker

async function pipe(address: string, bucket: R2Bucket): Promise<Response> {
  const { body, headers } = await fetch(address)
  if (!body) return new Response('There was no picture.', { status: 502 })
  const whole = body.pipeThrough(new FixedLengthStream(Number(headers.get('content-length'))))
  await bucket.put(crypto.randomUUID(), whole)
  return new Response(null, { status: 204 })
}

export default {
  fetch(request, env, ctx) {
    const url = new URL(request.url)
    if (url.pathname !== '/_bench/pipe') return gateway.fetch(request, env, ctx)
    return pipe(url.searchParams.get('url') ?? '', env.OUTPUTS)
  },
} satisfies ExportedHandler<Env>
