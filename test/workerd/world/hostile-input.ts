/** What somebody might send who means harm, or whose program is broken. */

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values)
const utf16 = (text: string) =>
  bytes(0xff, 0xfe, ...[...text].flatMap((character) => [character.charCodeAt(0), 0]))
const nested = (open: string, close: string, depth: number) =>
  `{"prompt":"x","metadata":${open.repeat(depth)}1${close.repeat(depth)}}`

/** No endpoint takes any of these. */
export const BODIES: Record<string, string | Uint8Array<ArrayBuffer>> = {
  nothing: '',
  'a bare brace': '{',
  'two values': '{"prompt":"x"}{"prompt":"x"}',
  'a comment': '{"prompt":"x"/**/}',
  'single quotes': "{'prompt':'x'}",
  'a comma too many': '{"prompt":"x",}',
  'a scalar': '7',
  'a string': '"prompt"',
  'an array': '[{"prompt":"x"}]',
  null: 'null',
  NaN: '{"prompt":"x","n":NaN}',
  'an endless number': '{"prompt":"x","name":"x","provider_options":{"gptimage2.ai":{"a":1e999}}}',
  'a tiny number': '{"prompt":"x","name":1,"n":1e-999}',
  'nested objects': nested('{"a":', '}', 33),
  'very deep objects': nested('{"a":', '}', 100_000),
  'very deep arrays': nested('[', ']', 200_000),
  'only brackets': '['.repeat(500_000),
  'many unknown fields': `{${Array.from({ length: 50_000 }, (_, i) => `"f${i}":${i}`)}}`,
  'duplicate keys, the last one bad': '{"prompt":"x","prompt":7,"name":"x","name":7}',
  'duplicate keys, both good':
    '{"prompt":"x","prompt":"x","name":"x","name":"x","grace_seconds":0,"grace_seconds":0}',
  'duplicate keys further in': '{"prompt":"x","name":"x","metadata":{"a":"x","\\u0061":"y"}}',
  'two prototypes': '{"prompt":"x","name":"x","__proto__":{"n":1},"__proto__":1}',
  'a constructor': '{"prompt":"x","name":"x","constructor":{"prototype":{"admin":true}}}',
  'a prototype in metadata': '{"prompt":"x","metadata":{"__proto__":"x"}}',
  'a prototype for a provider': '{"prompt":"x","provider_options":{"__proto__":{"prompt":"y"}}}',
  'a prototype for an option': '{"prompt":"x","provider_options":{"gptimage2.ai":{"__proto__":1}}}',
  'numbers that grow': `{"prompt":"x","provider_options":{"gptimage2.ai":{"a":[${'1e20,'.repeat(200_000)}1]}}}`,
  'a toString': '{"prompt":{"toString":"x"},"name":{"toString":"x"}}',
  'a lone surrogate': '{"prompt":"a\\ud800b","name":"a\\ud800b"}',
  'a lone surrogate for a name': '{"prompt":"x","name":"x","\\udfff":1}',
  NUL: '{"prompt":"a\\u0000b","name":"a\\u0000b"}',
  'a raw NUL': '{"prompt":"a\0b","name":"a\0b"}',
  'line breaks': '{"prompt":"a\r\nb","name":"a\r\nb","x":"\r\n"}',
  'an array for a string': '{"prompt":["x"],"name":["x"],"callback_url":["https://a.example.com"]}',
  'an object for a string': '{"prompt":{"x":"x"},"name":{"x":"x"},"callback_url":{}}',
  'numbers for strings': '{"prompt":1,"name":1,"callback_url":1}',
  'empty strings': '{"prompt":"","name":"","callback_url":""}',
  spaces: '{"prompt":" \\t\\n","name":7,"callback_url":" "}',
  'all null': '{"prompt":null,"name":null,"callback_url":null}',
  'broken UTF-8': bytes(0x7b, 0x22, 0x61, 0xff, 0xfe, 0x22, 0x7d),
  'an overlong slash': bytes(0x22, 0xc0, 0xaf, 0x22),
  'a surrogate in UTF-8': bytes(0x22, 0xed, 0xa0, 0x80, 0x22),
  'UTF-16': utf16('{"prompt":"x"}'),
  'a byte order mark and no JSON': '\ufeffprompt',
  'a megabyte and one': `{"prompt":"${'x'.repeat(1024 * 1024)}"}`,
  'a form': 'prompt=x&name=x',
  'a multipart body without end': '--b\r\nContent-Disposition: form-data; name="image"\r\n\r\nx',
  XML: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  'the head of a picture': bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
}

export const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/json, text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  'application/x-www-form-urlencoded',
  'image/png',
  ';',
  '',
]

export const IDS = [
  ...['..', '%2e%2e', '%2E%2e%2f%2e%2e%2fhealthz', '.', '%00', 'a%00b', '%', '%zz', '%ff'],
  ...['%ed%a0%80', 'a%2fb', 'a%5cb', '%0d%0aX-Evil:%201', '%20', '%09', ';', '*', ':id', '@'],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '-1', '1e999', '0x10'],
  ...["'%20or%201=1%20--", '$%7Bjndi:x%7D', '{{7*7}}', '😀', 'İ', '%E2%80%AE', '../../etc/passwd'],
  ...['x'.repeat(300), 'x'.repeat(100_000), '%25'.repeat(5_000), 'a/'.repeat(2_000)],
]

export const QUERIES = [
  ...['?', '??', '?&&=&', '?%', '?%00=%00', '?__proto__=1&constructor=1', '?limit=%ff'],
  ...['?limit=0', '?limit=101', '?limit=1e9', '?limit=-1', '?limit=1&limit=2', '?limit[]=1'],
  ...['?cursor=%00', '?cursor=..', `?cursor=${'x'.repeat(50_000)}`, '?status=', '?status=x'],
  ...['?from=x&to=y', '?from=9999-99-99', '?from=2026-01-01&to=-1', '?wait=-1', '?wait=1e9'],
  ...['?expires=1&signature=x', '?expires=1e99&signature=%00', '?expires=999999999999&signature='],
  ...['?expires=-1&signature=__proto__', `?expires=1&signature=${'A'.repeat(50_000)}`],
]

export async function gzip(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}
