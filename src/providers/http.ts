/**
 * Calls to providers: time-out, size cap, and the classing of every possible answer.
 *
 * Invariant: a submission counts as refused only when the provider said so in a way its
 * documentation promises not to charge for. Everything unclear is unknown, never refused.
 */
import type { z } from 'zod'
import type { Charged, Failure } from '../core/attempt'
import type { LookupOutcome, SubmissionOutcome } from '../core/event'
import type { Price } from '../core/request'
import { readRetryAfter } from '../core/retry-after'
import { reasonOf, withTimeLimit } from '../core/time-limit'
import { USER_AGENT } from '../core/user-agent'
import { parseAnswer } from './answer-json'
import { type Account, type AttemptAccount, toldPrice } from './provider'
import { errorInBody, type SubmissionAnswer } from './reading'
import { causeOf } from './refusal'

/** Of an answer that has no pictures in it for sure. */
const RESPONSE_BYTES_MAX = 1024 * 1024
const MESSAGE_LENGTH_MAX = 500
const CODE_LENGTH_MAX = 64
const STATUS_LENGTH_MAX = 32
/** A provider may quote our callback address, and with it the token that it alone should know. */
const CALLBACK_PATH = /(?:\/|%2F)callbacks(?:\/|%2F)[^\s"']*/gi
/** Assumed when a 429 names no time. */
const RETRY_AFTER_DEFAULT_MS = 2_000
const POLL_TIMEOUT_MS = 20_000
/** An answer that has begun may bring pictures in it. */
const POLL_ANSWER_TIMEOUT_MS = 60_000
const BALANCE_TIMEOUT_MS = 5_000

/** What came back over HTTP. */
type HttpAnswer =
  | { kind: 'answered'; status: number; body: unknown; retryAfterMs: number }
  | { kind: 'unreadable'; status: number; retryAfterMs: number }
  | { kind: 'unreachable'; reason: string }

type ReadError = (body: unknown) => Failure | null

interface Call {
  path: string
  /** Sent as JSON; a call without one is a GET. */
  body?: unknown
  timeoutMs: number
  /** How long the rest may take once a good answer has begun; without it, what is left of the time. */
  answerTimeoutMs?: number
  /** Reads a good answer. */
  readAnswer: (response: Response) => Promise<string | null>
}

async function call(account: Account, wanted: Call): Promise<HttpAnswer> {
  const { timeoutMs, answerTimeoutMs } = wanted
  try {
    return await withTimeLimit(timeoutMs, async (signal, extend) => {
      const response = await send(account, wanted, signal)
      if (response.ok && answerTimeoutMs !== undefined) extend(answerTimeoutMs)
      return read(account, response, wanted)
    })
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error, timeoutMs) }
  }
}

function send(account: Account, { path, body }: Call, signal: AbortSignal): Promise<Response> {
  return account.fetch(account.baseUrl + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${account.apiKey}`,
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal,
  })
}

async function read(
  { apiKey }: Account,
  response: Response,
  { readAnswer }: Call,
): Promise<HttpAnswer> {
  const { status, ok } = response
  const retryAfter = readRetryAfter(response.headers.get('retry-after'), Date.now())
  const retryAfterMs = retryAfter ?? RETRY_AFTER_DEFAULT_MS
  const text = await (ok ? readAnswer(response) : readText(response))
  const parsed = text === null ? undefined : parseAnswer(text, apiKey)
  return parsed === undefined
    ? { kind: 'unreadable', status, retryAfterMs }
    : { kind: 'answered', status, body: parsed, retryAfterMs }
}

/** Sends a paid call and classes its outcome. */
export async function submitCall(
  account: AttemptAccount,
  request: Pick<Call, 'path' | 'body' | 'timeoutMs'>,
  reading: {
    /** Null where the answer names neither a job nor pictures. */
    accept: (body: unknown) => SubmissionOutcome | null
    readError: ReadError
    /** Other answers that the provider documents as definitive and free of charge. */
    alsoRefused?: (status: number, failure: Failure | null) => boolean
    /** For a provider without a documented error shape: a 4xx is a refusal whatever it says. */
    anyClientErrorRefuses?: boolean
  },
): Promise<SubmissionOutcome> {
  const { readAnswer } = account
  const answer = await call(account, { ...request, readAnswer })
  if (answer.kind === 'unreachable') return lost('unreachable', answer.reason)
  const body = answer.kind === 'answered' ? answer.body : undefined
  const told = body === undefined ? null : reading.accept(body)

  const isGood = answer.status >= 200 && answer.status < 300
  if (isGood && told) return told
  // Some answer every call with HTTP 200 and say in the body what it is; others say it in both.
  const inBody = told === null ? errorInBody(body) : null
  const said = isGood ? inBody : null
  const status = said?.status ?? answer.status
  const isMeant = inBody !== null && (isGood || isClientError(inBody.status))
  const words = isMeant ? { code: `http_${status}`, message: inBody.message } : null
  const failure = trimFailure(reading.readError(body) ?? words)
  if (isGood && !said) {
    return lost('unreadable_response', `HTTP ${status} with a body that can't be read`)
  }
  const isDocumented = !said && (reading.alsoRefused?.(status, failure) ?? false)
  if (status === 429 && !isDocumented) {
    const limited = failure ?? { code: 'rate_limit_exceeded', message: 'HTTP 429' }
    return { type: 'rate_limited', failure: limited, retryAfterMs: answer.retryAfterMs }
  }
  const isRefused = isClientError(status) && (failure !== null || reading.anyClientErrorRefuses)
  if (!isRefused && !isDocumented) {
    const claim = told?.type === 'accepted' ? told.reference : null
    return lost('unexpected_response', failure?.message ?? `HTTP ${status}`, claim)
  }
  const known = failure ?? { code: `http_${status}`, message: `HTTP ${status}` }
  return { type: 'refused', failure: known, cause: causeOf(known, status) }
}

/** A 408 is a time-out: the request may have been taken. */
function isClientError(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408
}

/** A job is asked for; pictures without one are taken as they are. */
export function submissionOutcome(
  answer: SubmissionAnswer | null,
  account: Account,
): SubmissionOutcome | null {
  if (answer?.reference == null) return finishedOutcome(answer, account)
  const { reference, credits } = answer
  return { type: 'accepted', reference, price: toldPrice(credits, account) }
}

/** The pictures of an answer, whatever else it names. */
export function finishedOutcome(
  answer: SubmissionAnswer | null,
  account: Account,
): SubmissionOutcome | null {
  if (answer === null || answer.urls.length === 0) return null
  const urls = answer.urls.map((url) => fetchable(url, account))
  return { type: 'finished', urls, price: toldPrice(answer.credits, account) }
}

/** Asks for a job and classes the answer; an error is never news about the job itself. */
export async function pollCall(
  account: AttemptAccount,
  path: string,
  reading: { observe: (body: unknown) => LookupOutcome | null; readError: ReadError },
): Promise<LookupOutcome> {
  const { readAnswer } = account
  const limits = { timeoutMs: POLL_TIMEOUT_MS, answerTimeoutMs: POLL_ANSWER_TIMEOUT_MS }
  const answer = await call(account, { path, ...limits, readAnswer })
  if (answer.kind === 'unreachable') return unanswered(answer.reason)
  const { status, retryAfterMs } = answer
  const body = answer.kind === 'answered' ? answer.body : undefined
  // Another 404 comes from something before the provider, which knows nothing of jobs.
  if (status === 404 && reading.readError(body) !== null) return { type: 'missed' }
  if (status === 429) return unanswered('HTTP 429', retryAfterMs)
  if (status < 200 || status >= 300) return unanswered(`HTTP ${status}`)
  const observed = body === undefined ? null : reading.observe(body)
  if (observed?.type === 'finished')
    return { ...observed, urls: observed.urls.map((url) => fetchable(url, account)) }
  if (observed) return observed
  const said = errorInBody(body)
  if (said?.status === 429) return unanswered('a 429 in the body', retryAfterMs)
  return unanswered(`HTTP ${status} with a body that can't be read`)
}

/** Some name their pictures by a path alone, which is one of theirs. */
function fetchable(url: string, { baseUrl }: Account): string {
  const isPath = !URL.canParse(url) && URL.canParse(url, baseUrl)
  return isPath ? new URL(url, `${baseUrl}/`).href : url
}

function unanswered(reason: string, retryAfterMs: number | null = null): LookupOutcome {
  return { type: 'unanswered', reason, retryAfterMs }
}

/** The credits left, or null when the provider does not say readably. */
export async function balanceCall(
  account: Account,
  path: string,
  success: z.ZodType<number | null>,
): Promise<number | null> {
  const answer = await call(account, { path, timeoutMs: BALANCE_TIMEOUT_MS, readAnswer: readText })
  return answer.kind === 'answered' ? (success.safeParse(answer.body).data ?? null) : null
}

/** What to note of a status word that the provider does not document. */
export function unknownStatus(status: string | number): LookupOutcome {
  const word = String(status).replaceAll(/\W+/g, '_').slice(0, STATUS_LENGTH_MAX)
  return { type: 'pending', note: `unknown status "${word}"` }
}

/** A job that the provider reports failed, with or without saying why. */
export function failedJob(
  failure: Failure | null,
  charged: Charged,
  price: Price | null,
): LookupOutcome {
  const known = trimFailure(failure) ?? { code: 'failed', message: 'The job failed.' }
  return { type: 'failed', failure: known, cause: causeOf(known, null), charged, price }
}

/** @param claim a job that the answer named all the same */
function lost(code: string, message: string, claim: string | null = null): SubmissionOutcome {
  return { type: 'lost', failure: { code, message }, cause: 'provider', claim }
}

function trimFailure(failure: Failure | null): Failure | null {
  if (!failure) return null
  return {
    code: withoutToken(failure.code).replaceAll(/\W+/g, '_').slice(0, CODE_LENGTH_MAX),
    message: withoutToken(failure.message).slice(0, MESSAGE_LENGTH_MAX),
  }
}

function withoutToken(text: string): string {
  return text.replaceAll(CALLBACK_PATH, '/callbacks/…')
}

async function readText(response: Response): Promise<string | null> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > RESPONSE_BYTES_MAX) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
