/** Never paid twice, never lost: the ways in which a task can go wrong and must not. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { accept } from '../../src/flow/accept'
import { callbackUrl } from '../../src/flow/callback-url'
import { run, Wakes } from '../../src/flow/run'
import { settle } from '../../src/flow/settle'
import {
  backdate,
  CLIENT,
  call,
  deliver,
  makeKey,
  makeTask,
  paidJobs,
  post,
  readTask,
  runCron,
  runTask,
  strangers,
  submissions,
  testEngine,
  until,
  untilOver,
  waitingCallbacks,
} from '../world/gateway'

let key: string
beforeAll(async () => {
  key = await makeKey()
})

/** A prompt that only one test knows, so that the sandbox's record can be searched for it. */
const uniquePrompt = (text: string) => `${text} ${crypto.randomUUID()}`

describe('money', () => {
  it('pays once when two runs take the same step', async () => {
    const prompt = uniquePrompt('Twins')
    const engine = testEngine({ wake: async () => undefined })
    const acceptance = await accept(
      engine,
      CLIENT,
      { model: 'gpt-image-2', n: 1, prompt, provider: 'gptimage2.ai' },
      null,
    )
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { id } = acceptance.task
    await Promise.all(Array.from({ length: 5 }, () => run(engine, id, new Wakes())))
    expect(await paidJobs(prompt)).toHaveLength(1)
  })

  it.each(['500', 'garbage', 'drop'])(
    'never repeats a submission answered by %s',
    async (answer) => {
      const prompt = uniquePrompt(`A vase [[answer=${answer}]]`)
      const { id } = await makeTask(key, { prompt, provider: 'gptimage2.ai' })
      const task = await untilOver(key, id)
      expect(task).toMatchObject({
        status: 'failed',
        error: { code: 'submit_outcome_unknown' },
        cost: { charged: 'unknown' },
        attempts: [{ status: 'unknown', charged: 'unknown' }],
      })
      await runCron()
      expect(await submissions(prompt)).toHaveLength(1)
    },
  )

  it('does not try another provider after an unknown outcome', async () => {
    const prompt = uniquePrompt('A vase [[gptimage2.ai answer=500]]')
    const providers = ['gptimage2.ai', 'nanobananaapi.dev']
    const task = await runTask(key, { prompt, providers })
    expect(task.error?.code).toBe('submit_outcome_unknown')
    expect(await submissions(prompt)).toHaveLength(1)
  })

  it('sends an unknown outcome again when the client accepts to pay twice', async () => {
    const prompt = uniquePrompt('A vase [[answer=500 times=1]]')
    const task = await runTask(key, { prompt, provider: 'gptimage2.ai', resubmit_on_unknown: true })
    expect(task).toMatchObject({ status: 'succeeded', cost: { charged: 'unknown' } })
    expect(task.attempts.map(({ status }) => status)).toEqual(['unknown', 'succeeded'])
  })

  it('treats a submission that a crashed run left behind as unknown', async () => {
    const prompt = uniquePrompt('A wreck')
    const engine = testEngine({ wake: async () => undefined })
    const request = { model: 'gpt-image-2', n: 1, prompt, provider: 'gptimage2.ai' } as const
    const acceptance = await accept(engine, CLIENT, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { id } = acceptance.task
    const crashing = testEngine({ fetch: () => new Promise<Response>(() => undefined) })
    void run(crashing, id, new Wakes())
    await expect.poll(async () => (await attemptsOf(id))[0]?.status).toBe('submitting')

    await run(engine, id, new Wakes())
    expect((await attemptsOf(id))[0]?.status).toBe('submitting')
    await env.DB.prepare('update attempts set lease_until = 1 where task_id = ?').bind(id).run()
    await run(engine, id, new Wakes())
    expect((await attemptsOf(id)).map(({ status }) => status)).toEqual(['unknown'])
    expect(await submissions(prompt)).toHaveLength(0)
  })

  it('finishes a paid call although the step beside it fails', async () => {
    const prompt = uniquePrompt('A bridge')
    let isDown = false
    const { database } = testEngine()
    const flaky = new Proxy(database, {
      get(target, name, receiver) {
        if (name === 'batch' && isDown) throw new Error('D1_ERROR: Network connection lost.')
        return Reflect.get(target, name, receiver)
      },
    })
    const engine = testEngine({
      wake: async () => undefined,
      database: flaky,
      fetch: async (input, init) => {
        isDown = true
        const response = await fetch(input, init)
        isDown = false
        return response
      },
    })
    const request = { model: 'gpt-image-2', n: 1, prompt, provider: 'nanobananaapi.dev' } as const
    const acceptance = await accept(engine, CLIENT, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { id } = acceptance.task
    await run(engine, id, new Wakes())
    expect((await attemptsOf(id)).map(({ status }) => status)).toEqual(['succeeded'])
    const row = env.DB.prepare('select status from tasks where id = ?').bind(id)
    expect(await row.first('status')).toBe('succeeded')
  })

  it('sends what it recorded although the database lost the answer', async () => {
    const prompt = uniquePrompt('A postcard')
    const engine = testEngine({ wake: async () => undefined, sleep: async () => undefined })
    const request = { model: 'gpt-image-2', n: 1, prompt, provider: 'gptimage2.ai' } as const
    const acceptance = await accept(engine, CLIENT, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { database } = engine
    let batches = 0
    const forgetful = new Proxy(database, {
      get(target, name, receiver) {
        if (name !== 'batch' || ++batches !== 3) return Reflect.get(target, name, receiver)
        return async (...statements: Parameters<typeof database.batch>) => {
          await target.batch(...statements)
          throw new Error('D1_ERROR: Network connection lost.')
        }
      },
    })
    await run({ ...engine, database: forgetful }, acceptance.task.id, new Wakes())
    expect(await attemptsOf(acceptance.task.id)).toMatchObject([{ status: 'running' }])
    expect(await paidJobs(prompt)).toHaveLength(1)
  })

  it('does not send what it recorded once the task is over', async () => {
    const prompt = uniquePrompt('A late postcard')
    const engine = testEngine({ wake: async () => undefined, sleep: async () => undefined })
    const request = { model: 'gpt-image-2', n: 1, prompt, provider: 'gptimage2.ai' } as const
    const acceptance = await accept(engine, CLIENT, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { id } = acceptance.task
    const { database } = engine
    let batches = 0
    const slow = new Proxy(database, {
      get(target, name, receiver) {
        if (name !== 'batch' || ++batches !== 3) return Reflect.get(target, name, receiver)
        return async (...statements: Parameters<typeof database.batch>) => {
          await target.batch(...statements)
          await backdate(id, 'deadline_at')
          await settle(engine, id, { type: 'expired' })
          throw new Error('D1_ERROR: Network connection lost.')
        }
      },
    })
    await run({ ...engine, database: slow }, id, new Wakes())
    expect(await submissions(prompt)).toEqual([])
    expect(await attemptsOf(id)).toMatchObject([{ status: 'rejected' }])
    const charged = env.DB.prepare('select charged from attempts where task_id = ?').bind(id)
    expect(await charged.first('charged')).toBe('no')
  })

  it('makes one task of twenty equal requests with one Idempotency-Key', async () => {
    const prompt = uniquePrompt('An echo')
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const body = { prompt, provider: 'gptimage2.ai' }
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => post('/v1/tasks', key, body, headers)),
    )
    const tasks = (await Promise.all(responses.map((response) => response.json()))) as Array<{
      id: string
    }>
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1)
    expect(responses.filter(({ headers: sent }) => sent.get('idempotent-replayed')).length).toBe(19)

    const other = await post('/v1/tasks', key, { ...body, n: 2 }, headers)
    expect(other.status).toBe(422)
    expect(await other.json()).toMatchObject({ error: { code: 'idempotency_key_reused' } })
    await untilOver(key, tasks[0]?.id ?? '')
    const replay = await post('/v1/tasks', key, { provider: 'gptimage2.ai', prompt }, headers)
    expect(replay.status).toBe(200)
    expect(await paidJobs(prompt)).toHaveLength(1)
  })
})

describe('callbacks', () => {
  it('takes one that comes before the submit response is saved', async () => {
    const prompt = uniquePrompt('A hasty bird [[hold=3 delay=0]]')
    const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
    await expect.poll(async () => (await paidJobs(prompt)).length).toBe(1)
    const [job] = await paidJobs(prompt)
    const early = await callbackFor(job?.id ?? '')
    expect((await readTask(key, id)).attempts[0]).toMatchObject({ status: 'submitting' })
    expect((await deliver(early)).status).toBe(200)

    const task = await untilOver(key, id, { callbacks: false })
    expect(task.status).toBe('succeeded')
    expect(await paidJobs(prompt)).toHaveLength(1)
  })

  it('binds a job whose submit response was lost', async () => {
    const prompt = uniquePrompt('A foundling [[answer=500]]')
    const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
    await until(key, id, (task) => task.attempts[0]?.status === 'unknown', { callbacks: false })
    expect((await readTask(key, id)).status).toBe('processing')
    const [job] = await paidJobs(prompt)
    await deliver(await callbackFor(job?.id ?? ''))
    const task = await untilOver(key, id)
    expect(task).toMatchObject({
      status: 'succeeded',
      cost: { credits: 4.7, usd: 0.0235, charged: 'yes' },
      attempts: [{ status: 'succeeded', provider_task_id: job?.id }],
    })
  })

  it('refuses a wrong token and changes nothing', async () => {
    const prompt = uniquePrompt('A lock [[delay=30]]')
    const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
    await until(key, id, (task) => task.attempts[0]?.status === 'running')
    const [attempt] = await attemptsOf(id)
    const right = await callbackUrl(testEngine().settings, 'aivideoapi.ai', attempt?.id ?? '')
    const before = await rowsOf(id)
    const forged = [
      right.slice(0, -1) + (right.endsWith('A') ? 'B' : 'A'),
      right.replace(/[^/]+$/, 'x'),
      right.replace(attempt?.id ?? '', 'att_other'),
    ]
    const body = JSON.stringify({ id: attempt?.reference, status: 'completed' })
    for (const url of forged) expect((await deliver({ url, body })).status).toBe(404)
    expect((await deliver({ url: right, body: 'not json' })).status).toBe(400)
    expect((await deliver({ url: right, body: '{"status":"completed"}' })).status).toBe(400)
    expect(await rowsOf(id)).toEqual(before)
  })

  it('still follows one for a job that the provider denied three times', async () => {
    const prompt = uniquePrompt('A lost son [[delay=1 poll=404 times=3]]')
    const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
    const withoutCallbacks = { callbacks: false }
    await until(key, id, (task) => task.attempts[0]?.status === 'unknown', withoutCallbacks)
    const [job] = await paidJobs(prompt)
    await deliver(await callbackFor(job?.id ?? ''))
    expect(await untilOver(key, id)).toMatchObject({
      status: 'succeeded',
      cost: { charged: 'yes' },
    })
  })

  it('binds the job of a run that died before it heard of it', async () => {
    const prompt = uniquePrompt('An orphan')
    const dying = testEngine({
      wake: async () => undefined,
      fetch: async (input, init) => {
        await (await fetch(input, init)).arrayBuffer()
        return new Promise(() => undefined)
      },
    })
    const request = { model: 'gpt-image-2', n: 1, prompt, provider: 'aivideoapi.ai' } as const
    const acceptance = await accept(dying, { ...CLIENT, id: await keyId() }, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    const { id } = acceptance.task
    void run(dying, id, new Wakes())
    await expect.poll(async () => (await paidJobs(prompt)).length).toBe(1)
    const [job] = await paidJobs(prompt)
    expect((await attemptsOf(id))[0]?.status).toBe('submitting')
    await deliver(await callbackFor(job?.id ?? ''))
    expect(await untilOver(key, id)).toMatchObject({
      status: 'succeeded',
      attempts: [{ provider_task_id: job?.id, charged: 'yes' }],
    })
    expect(await submissions(prompt)).toHaveLength(1)
  })

  it('does not believe what a callback says', async () => {
    const prompt = uniquePrompt('A liar [[delay=4]]')
    const { id } = await makeTask(key, { prompt, provider: 'aivideoapi.ai' })
    await until(key, id, (task) => task.attempts[0]?.status === 'running')
    const [attempt] = await attemptsOf(id)
    const url = await callbackUrl(testEngine().settings, 'aivideoapi.ai', attempt?.id ?? '')
    const output = { urls: ['https://evil.example.com/picture.png'] }
    const lie = { id: attempt?.reference, status: 'completed', output }
    expect((await deliver({ url, body: JSON.stringify(lie) })).status).toBe(200)
    await scheduler.wait(500)
    expect(await readTask(key, id)).toMatchObject({ status: 'processing', outputs: [] })
  })

  it("does not give one task another one's job", async () => {
    const owner = await makeTask(key, { prompt: 'Mine [[delay=1]]', provider: 'aivideoapi.ai' })
    const running = await until(key, owner.id, (task) => task.attempts[0]?.status === 'running')
    const thief = await makeTask(key, {
      prompt: 'Theirs [[answer=500]]',
      provider: 'aivideoapi.ai',
    })
    await until(key, thief.id, (task) => task.attempts[0]?.status === 'unknown', {
      callbacks: false,
    })
    const [attempt] = await attemptsOf(thief.id)
    const url = await callbackUrl(testEngine().settings, 'aivideoapi.ai', attempt?.id ?? '')
    const body = JSON.stringify({ id: running.attempts[0]?.provider_task_id, status: 'completed' })
    expect((await deliver({ url, body })).status).toBe(200)
    await expect.poll(async () => (await attemptsOf(thief.id))[0]?.hint).toBeNull()
    expect((await attemptsOf(thief.id))[0]).toMatchObject({ status: 'unknown', reference: null })
    expect((await untilOver(key, owner.id)).status).toBe('succeeded')
  })
})

describe('getting stuck', () => {
  it('picks up a lost wake by the cron', async () => {
    const engine = testEngine({ wake: async () => undefined })
    const request = {
      model: 'gpt-image-2',
      n: 1,
      prompt: 'A sleeper',
      provider: 'gptimage2.ai',
    } as const
    const acceptance = await accept(engine, { ...CLIENT, id: await keyId() }, request, null)
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind)
    await scheduler.wait(300)
    expect((await readTask(key, acceptance.task.id)).status).toBe('queued')
    expect((await untilOver(key, acceptance.task.id)).status).toBe('succeeded')
  })

  it('looks once more shortly before the deadline, and at it', async () => {
    const { id } = await makeTask(key, {
      prompt: 'A vigil [[delay=60]]',
      provider: 'aivideoapi.ai',
    })
    await until(key, id, (task) => task.attempts[0]?.status === 'running')
    const dueAfterClaim = async (deadlineIn: number) => {
      const now = Date.now()
      const statement = 'update tasks set due_at = ?, deadline_at = ? where id = ?'
      await env.DB.prepare(statement)
        .bind(now - 1, now + deadlineIn, id)
        .run()
      await runCron()
      const row = await env.DB.prepare(
        'select due_at - deadline_at as early from tasks where id = ?',
      )
        .bind(id)
        .first<{ early: number }>()
      return row?.early
    }
    expect(await dueAfterClaim(10_000)).toBe(-3_000)
    expect(await dueAfterClaim(2_000)).toBe(0)
  })

  it('finishes by polling when no callback comes', async () => {
    const body = { prompt: 'Silence [[callback=none]]', provider: 'aivideoapi.ai' }
    const { id } = await makeTask(key, body)
    await until(key, id, (task) => task.attempts[0]?.status === 'running')
    await scheduler.wait(500)
    await backdate(id, 'due_at')
    expect((await untilOver(key, id)).status).toBe('succeeded')
  })

  it('ends a task at its deadline and stores what comes later', async () => {
    const { id } = await makeTask(key, {
      prompt: 'A latecomer [[delay=3]]',
      provider: 'gptimage2.ai',
      callback_url: 'https://client.example.com/hook',
    })
    await until(key, id, (task) => task.attempts[0]?.status === 'running')
    await backdate(id, 'deadline_at')
    await backdate(id, 'due_at')
    expect(await untilOver(key, id)).toMatchObject({
      status: 'failed',
      error: { code: 'timed_out' },
    })
    await scheduler.wait(3_000)
    await backdate(id, 'due_at')
    const task = await until(key, id, ({ outputs }) => outputs.length === 1)
    expect(task).toMatchObject({ status: 'failed', cost: { charged: 'yes' } })
    const { results } = await env.DB.prepare(
      'select event from deliveries where task_id = ? order by id',
    )
      .bind(id)
      .all()
    expect(results.map(({ event }) => event)).toEqual(['task.failed', 'task.recovered'])
  })

  it('outlives a database that fails for a while', async () => {
    const { id } = await makeTask(key, { prompt: 'A rock [[delay=2]]', provider: 'gptimage2.ai' })
    await until(key, id, (task) => task.attempts[0]?.status === 'running')
    let failures = 3
    const engine = testEngine({ sleep: async () => undefined })
    const { database } = engine
    const flaky = new Proxy(database, {
      get(target, name, receiver) {
        if (name === 'batch' && failures-- > 0)
          throw new Error('D1_ERROR: Network connection lost.')
        return Reflect.get(target, name, receiver)
      },
    })
    const [attempt] = await attemptsOf(id)
    const hint = { type: 'hinted', attemptId: attempt?.id ?? '', reference: 'x' } as const
    expect(await settle({ ...engine, database: flaky }, id, hint)).not.toBeNull()
  })
})

describe('pictures', () => {
  it.each([
    '404',
    '500',
    'html',
    'svg',
    'cut',
    'private',
    'private-direct',
    'redirects',
    'expires',
  ])('asks again for one that came as %s, and never resubmits', async (fault) => {
    const prompt = uniquePrompt(`A relic [[picture=${fault} times=1]]`)
    const task = await runTask(key, { prompt, provider: 'gptimage2.ai' })
    expect(task.status).toBe('succeeded')
    expect(await paidJobs(prompt)).toHaveLength(1)
    const path = `/v1/tasks/${task.id}/outputs/0`
    const bytes = await (await call(path, { token: key })).bytes()
    expect(new TextDecoder('latin1').decode(bytes.slice(-8, -4))).toBe('IEND')
  })

  it('never follows a redirect to a private address', async () => {
    await runTask(key, {
      prompt: 'A trap [[picture=private times=1]]',
      provider: 'nanobananaapi.dev',
    })
    expect(await strangers()).toEqual([])
  })

  it('follows a redirect', async () => {
    const task = await runTask(key, {
      prompt: 'A detour [[picture=redirect times=1]]',
      provider: 'gptimage2.ai',
    })
    expect(task.status).toBe('succeeded')
  })

  it('knows that a job was charged although its answer names no picture', async () => {
    const { id } = await makeTask(key, {
      prompt: 'A void [[finish=empty]]',
      provider: 'gptimage2api.org',
    })
    await until(key, id, (task) => task.attempts[0]?.charged === 'yes')
    await backdate(id, 'deadline_at')
    expect(await untilOver(key, id)).toMatchObject({
      error: { code: 'output_unavailable' },
      cost: { credits: 3, charged: 'yes' },
    })
  })

  it('gives up at the deadline with output_unavailable', async () => {
    const prompt = uniquePrompt('A mirage [[picture=404]]')
    const { id } = await makeTask(key, { prompt, provider: 'nanobananaapi.dev' })
    await until(key, id, (task) => task.attempts[0]?.status === 'succeeded')
    await backdate(id, 'deadline_at')
    await backdate(id, 'due_at')
    expect(await untilOver(key, id)).toMatchObject({
      status: 'failed',
      error: { code: 'output_unavailable' },
      cost: { charged: 'yes' },
    })
    expect(await paidJobs(prompt)).toHaveLength(1)
  })

  it('adopts a picture that an earlier run stored but did not record', async () => {
    const { id } = await makeTask(key, {
      prompt: 'A twin [[picture=404]]',
      provider: 'nanobananaapi.dev',
    })
    const { attempts } = await until(key, id, (task) => task.attempts[0]?.status === 'succeeded')
    expect(attempts).toHaveLength(1)
    const [attempt] = await attemptsOf(id)
    const png = Uint8Array.from('\x89PNG\r\n\x1a\nrest', (character) => character.charCodeAt(0))
    await env.OUTPUTS.put(`outputs/${id}/${attempt?.id}/0`, png, {
      httpMetadata: { contentType: 'image/png' },
    })
    await env.DB.prepare('update outputs set retry_at = 1 where task_id = ?').bind(id).run()
    await backdate(id, 'due_at')
    const task = await untilOver(key, id)
    expect(task).toMatchObject({
      status: 'succeeded',
      outputs: [{ bytes: png.byteLength, width: null }],
    })
  })
})

describe('several pictures', () => {
  it('buys single pictures side by side', async () => {
    const prompt = uniquePrompt('Seven dwarfs')
    const task = await runTask(key, { prompt, n: 7, provider: 'nanobananaapi.dev' })
    expect(task.outputs.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(task.cost).toMatchObject({ credits: 98, charged: 'yes' })
    expect(await paidJobs(prompt)).toHaveLength(7)
  })

  it('divides them into calls as large as the provider takes', async () => {
    const prompt = uniquePrompt('Six swans')
    const task = await runTask(key, { prompt, n: 6, provider: 'gptimage2.ai' })
    expect(task.outputs).toHaveLength(6)
    expect((await paidJobs(prompt)).map(({ count }) => count).sort()).toEqual([2, 4])
    expect(task.cost.credits).toBe(60)
  })

  it('are not held up by a slow one among them', async () => {
    const prompt = uniquePrompt(
      'A hare and a tortoise [[aivideoapi.ai submit=400 times=1]] [[nanobananaapi.dev delay=6]]',
    )
    const { id } = await makeTask(key, {
      prompt,
      n: 2,
      providers: ['aivideoapi.ai', 'nanobananaapi.dev'],
    })
    const early = await until(key, id, ({ outputs }) => outputs.length === 1)
    expect(early.attempts.at(-1)).toMatchObject({
      provider: 'nanobananaapi.dev',
      status: 'submitting',
    })
    expect((await untilOver(key, id)).status).toBe('succeeded')
  })

  it('asks the next provider for those that are missing', async () => {
    const prompt = uniquePrompt('Three bears [[gptimage2.ai makes=2]]')
    const task = await runTask(key, {
      prompt,
      n: 3,
      providers: ['gptimage2.ai', 'gptimage2api.org'],
    })
    expect(task.status).toBe('succeeded')
    expect(task.attempts.map(({ provider }) => provider)).toEqual([
      'gptimage2.ai',
      'gptimage2api.org',
    ])
  })
})

describe('failing over', () => {
  it.each(['400', '401', '402', '403'])('goes on after a refusal with %s', async (status) => {
    const prompt = uniquePrompt(`A relay [[gptimage2.ai submit=${status}]]`)
    const task = await runTask(key, { prompt, providers: ['gptimage2.ai', 'nanobananaapi.dev'] })
    expect(task).toMatchObject({ status: 'succeeded', provider: 'nanobananaapi.dev' })
    expect(task.attempts).toMatchObject([
      { provider: 'gptimage2.ai', status: 'rejected', charged: 'no' },
      { provider: 'nanobananaapi.dev', status: 'succeeded', charged: 'yes' },
    ])
    expect(task.cost.credits).toBe(14)
  })

  it("takes aivideoapi.ai's refunded 503 as a refusal", async () => {
    const body = { prompt: 'A relay [[submit=503]]', provider: 'aivideoapi.ai' }
    const task = await runTask(key, body)
    expect(task).toMatchObject({ error: { code: 'provider_rejected' }, cost: { charged: 'no' } })
  })

  it('takes a 403 that is not in the documented shape as unknown', async () => {
    const task = await runTask(key, { prompt: 'A wall [[submit=html]]', provider: 'gptimage2.ai' })
    expect(task.error?.code).toBe('submit_outcome_unknown')
  })

  it('waits out a short rate limit', async () => {
    const prompt = uniquePrompt('A queue [[submit=429 retryAfter=1 times=1]]')
    const task = await runTask(key, { prompt, provider: 'gptimage2.ai' })
    expect(task.status).toBe('succeeded')
    expect(task.attempts.map(({ status }) => status)).toEqual(['rejected', 'succeeded'])
  })

  it('does not shop refused content around', async () => {
    const prompt = uniquePrompt('A crime [[submit=moderated]]')
    const task = await runTask(key, { prompt })
    expect(task).toMatchObject({
      status: 'failed',
      error: { code: 'content_refused', type: 'invalid_request_error' },
    })
    expect(await submissions(prompt)).toHaveLength(1)
  })
})

async function attemptsOf(taskId: string) {
  const { results } = await env.DB.prepare(
    'select id, status, reference, hint from attempts where task_id = ?',
  )
    .bind(taskId)
    .all<{ id: string; status: string; reference: string | null; hint: string | null }>()
  return results
}

async function rowsOf(taskId: string): Promise<unknown> {
  const rows = await env.DB.batch([
    env.DB.prepare('select version, status, error from tasks where id = ?').bind(taskId),
    env.DB.prepare('select * from attempts where task_id = ?').bind(taskId),
    env.DB.prepare('select * from outputs where task_id = ?').bind(taskId),
  ])
  return rows.map(({ results }) => results)
}

async function callbackFor(jobId: string): Promise<{ url: string; body: string }> {
  for (let tries = 0; tries < 50; tries++) {
    const found = (await waitingCallbacks()).find(({ body }) => body.includes(jobId))
    if (found) return found
    await scheduler.wait(50)
  }
  throw new Error('The sandbox did not call back.')
}

/** The id of this file's key, as its tasks carry it. */
async function keyId(): Promise<string> {
  const response = await call('/v1/keys', { token: 'admin-token-of-the-test-gateway' })
  const { data } = (await response.json()) as { data: Array<{ id: string }> }
  return data[0]?.id ?? ''
}
