/**
 * Every word that a prompt can say to the sandbox, between double brackets: `[[key=value …]]`.
 *
 * Invariant: this is the only list. The types of `faults.ts` are read from it, and so is the
 * README's section "Break it".
 */

interface Word {
  /** The values it takes, or how to write one that is free. */
  values: readonly string[]
  /** What happens, for whoever reads the README. */
  meaning: string
}

/** What goes wrong. */
export const FAULTS = {
  submit: {
    values: [
      '400',
      '401',
      '402',
      '403',
      '404',
      '408',
      '429',
      '500',
      '503',
      'moderated',
      'html',
      'body-N',
      'error-N',
    ],
    meaning:
      'refuses the submission with this status and takes nothing; `body-402` is HTTP 200 whose body says 402, `error-402` one whose `error` says it',
  },
  answer: {
    values: ['500', 'drop', 'hang', 'garbage', 'body-N'],
    meaning:
      'takes the job and the credits, then spoils the answer; `body-402` says 402 and names the job',
  },
  finish: {
    values: ['fail', 'fail-charged', 'moderated', 'empty'],
    meaning: 'how the job ends: failed and refunded, failed and kept, refused, without pictures',
  },
  callback: { values: ['none', 'twice'], meaning: 'how often aivideoapi.ai calls back' },
  poll: {
    values: ['500', '404', '429', 'strange', 'garbage'],
    meaning:
      'a look-up is answered with this status, an undocumented status word, or a broken page',
  },
  picture: {
    values: [
      '404',
      '500',
      'html',
      'svg',
      'huge',
      'truncated',
      'cut',
      'redirect',
      'redirects',
      'redirect-http',
      'private',
      'private-direct',
      'expires',
      'https://…',
    ],
    meaning:
      'a download goes wrong: gone, not a picture, 60 MiB, broken off with or without a promised length, redirected in a circle, five times, to plain http, to a private address or elsewhere; `expires`: each address works once, for 20 seconds',
  },
  delay: { values: ['N'], meaning: 'seconds until the job is done' },
  hold: {
    values: ['N'],
    meaning: 'seconds that the answer to a submission is held back after the job is taken',
  },
  retryAfter: { values: ['N'], meaning: 'seconds in the `Retry-After` of a 429' },
  makes: { values: ['N'], meaning: 'pictures made, whatever was asked for' },
  serves: { values: ['N'], meaning: 'how often each picture is served before it is gone' },
  times: {
    values: ['N'],
    meaning: 'the faults of this prompt strike so often; without it they stay',
  },
} as const satisfies Record<string, Word>

/**
 * Odd, but complete: the picture is there for whoever can read it. Each value can be asked for as it
 * stands here.
 */
export const MANNERS = {
  words: { values: ['capitals', 'mixed'], meaning: 'spells status words `COMPLETED`, `Completed`' },
  submission: {
    values: ['wrapped', 'bare', 'listed'],
    meaning:
      'the answer to a submission as `{code, msg, data}`, or without that wrapping; `listed`: `data` is a list of one',
  },
  task: {
    values: ['wrapped', 'listed'],
    meaning: 'a look-up and a callback as `{code, msg, data}`, or with `data` as a list of one',
  },
  ids: { values: ['numeric'], meaning: 'job ids are numbers' },
  pictures: {
    values: [
      'data.*',
      'data.*.url',
      'data.url',
      'data.urls.*',
      'data.images.*.url',
      'images.*',
      'images.*.url',
      'urls.*',
      'url',
      'output',
      'output.*',
    ],
    meaning: 'where the pictures stand instead, a path of any keys in which `*` is a list',
  },
  address: {
    values: ['http', 'path'],
    meaning: 'names its pictures by plain http, though https is there, or by a path alone',
  },
  inline: {
    values: ['data-url', 'b64_json'],
    meaning: 'the bytes in the answer, in the place of an address',
  },
  unset: {
    values: ['null', 'empty'],
    meaning: 'while it runs, a job already has its pictures: as null, or as an empty list',
  },
  submitHttp: { values: ['201'], meaning: 'HTTP status of the answer to a submission' },
  taskHttp: {
    values: ['N'],
    meaning: 'HTTP status of a look-up, such as 200 where 202 is documented',
  },
  type: { values: ['text/plain', 'text/html', 'none'], meaning: 'content type of an answer' },
  quoted: {
    values: ['whole', 'inside'],
    meaning:
      'JSON written as a string: an answer without pictures in it, or its objects and lists one by one',
  },
  framing: {
    values: ['events'],
    meaning: 'sends an answer as server-sent events that nobody asked for',
  },
  caller: {
    values: ['named'],
    meaning: 'turns away whoever sends no `User-Agent`, from its pictures too',
  },
  prefix: { values: ['bom', 'space'], meaning: 'what stands before the JSON' },
  encoding: { values: ['gzip', 'br'], meaning: 'compresses an answer' },
  length: { values: ['none'], meaning: 'sends an answer in chunks, without `Content-Length`' },
  format: { values: ['png', 'jpeg'], meaning: 'what the pictures are' },
  bytes: { values: ['4500000'], meaning: 'makes each picture at least so large' },
} as const satisfies Record<string, Word>

export type FaultKey = keyof typeof FAULTS
export type MannerKey = keyof typeof MANNERS
