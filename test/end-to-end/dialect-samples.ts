/**
 * How clients of the four providers call them, in the three languages that the providers' documents
 * use, with the placeholders that stand there. Prompts and pictures are of our own.
 */
export interface Sample {
  dialect: Dialect
  shows: string
  language: 'sh' | 'node' | 'python'
  source: string
}

/** The providers whose own APIs are spoken here. */
export const DIALECTS = [
  'aivideoapi.ai',
  'gptimage2api.org',
  'gptimage2.ai',
  'nanobananaapi.dev',
] as const
export type Dialect = (typeof DIALECTS)[number]

/** How a client asks for what it was given an id of. */
export const POLLS: Partial<Record<Dialect, string>> = {
  'aivideoapi.ai': `curl -sS https://api.aivideoapi.ai/v1/tasks/{id} \\
-H "Authorization: Bearer sk-your-api-key"`,
  'gptimage2api.org': `export BASE_URL="https://gptimage2api.org"
export API_KEY="YOUR_API_KEY"
curl -sS "$BASE_URL/api/ai/tasks/{id}" \\
-H "Authorization: Bearer $API_KEY"`,
  'gptimage2.ai': `curl -sS https://gptimage2.ai/api/generate/{id} \\
-H "Authorization: Bearer $GPTIMAGE2_API_KEY"`,
}

const aivideoapi = (shows: string, input: object): Sample => ({
  dialect: 'aivideoapi.ai',
  shows,
  language: 'sh',
  source: `curl -sS -X POST https://api.aivideoapi.ai/v1/images/generations \\
-H "Authorization: Bearer sk-your-api-key" \\
-H "Content-Type: application/json" \\
-d '${JSON.stringify({ model: 'gpt-image-2', input }, null, 2)}'`,
})

const gptimage2api = (shows: string, body: object): Sample => ({
  dialect: 'gptimage2api.org',
  shows,
  language: 'sh',
  source: `export BASE_URL="https://gptimage2api.org"
export API_KEY="YOUR_API_KEY"
curl -sS -X POST "$BASE_URL/api/ai/image/generate" \\
-H "Authorization: Bearer $API_KEY" \\
-H "Content-Type: application/json" \\
-d '${JSON.stringify({ model: 'gpt-image-2', ...body }, null, 2)}'`,
})

const gptimage2 = (shows: string, body: object): Sample => ({
  dialect: 'gptimage2.ai',
  shows,
  language: 'sh',
  source: `curl -sS https://gptimage2.ai/api/generate \\
-H "Authorization: Bearer $GPTIMAGE2_API_KEY" \\
-H "Content-Type: application/json" \\
-d '${JSON.stringify(body, null, 2)}'`,
})

const nanobananaapi = (shows: string, path: string, body: object): Sample => ({
  dialect: 'nanobananaapi.dev',
  shows,
  language: 'sh',
  source: `curl -sS -X POST "https://api.nanobananaapi.dev${path}" \\
-H "Authorization: Bearer YOUR_API_KEY" \\
-H "Content-Type: application/json" \\
-d '${JSON.stringify({ model: 'gpt-image-2', ...body }, null, 2)}'`,
})

/** By `fetch`, answered with the picture. */
const nanobananaapiInNode = (shows: string, path: string, body: object): Sample => ({
  dialect: 'nanobananaapi.dev',
  shows,
  language: 'node',
  source: `const res = await fetch('https://api.nanobananaapi.dev${path}', {
  method: 'POST',
  headers: {
    Authorization: 'Bearer YOUR_API_KEY',
    'Content-Type': 'application/json',
  },
  body: JSON.stringify(${JSON.stringify({ model: 'gpt-image-2', ...body })}),
})
const result = await res.json()
console.log(result.data.url)`,
})

const large = { prompt: 'A heron at a quiet lake', n: 1, size: '3840x2160', quality: 'high' }

export const SAMPLES: readonly Sample[] = [
  aivideoapi('text to image', {
    prompt: 'A harbour in fog',
    aspect_ratio: '16:9',
    nsfw_checker: true,
  }),
  aivideoapi('image to image', {
    prompt: 'The same room with plants',
    image_urls: ['https://pictures.example.com/room.jpg'],
    aspect_ratio: '3:2',
  }),
  aivideoapi('a large one', { prompt: 'A glacier', aspect_ratio: '16:9', resolution: '4k' }),
  gptimage2api('text to image', { prompt: 'A jar of honey', aspectRatio: '4:5' }),
  gptimage2api('image to image', {
    prompt: 'The jar on slate',
    inputImageUrls: ['https://pictures.example.com/jar.jpg'],
    aspectRatio: '4:5',
  }),
  gptimage2('text to image', {
    mode: 'text-to-image',
    prompt: 'A teapot',
    ratio: '1:1',
    count: 1,
    style: 'studio-product',
  }),
  gptimage2('two references', {
    mode: 'image-to-image',
    prompt: 'The first in the colours of the second',
    imageUrls: ['https://pictures.example.com/a.png', 'https://pictures.example.com/b.png'],
    ratio: '1:1',
    count: 1,
  }),
  {
    dialect: 'gptimage2.ai',
    shows: 'polling',
    language: 'node',
    source: `const create = await fetch("https://gptimage2.ai/api/generate", {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.GPTIMAGE2_API_KEY}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ mode: "text-to-image", prompt: "A lantern", ratio: "1:1", count: 1 }),
})
const job = await create.json()
if (!create.ok) throw new Error(job.error ?? \`HTTP \${create.status}\`)
let result = job
while (result.status === "pending" || result.status === "running") {
  await new Promise((resolve) => setTimeout(resolve, 2500))
  const poll = await fetch(\`https://gptimage2.ai/api/generate/\${job.jobId}\`, {
    headers: { Authorization: \`Bearer \${process.env.GPTIMAGE2_API_KEY}\` },
  })
  result = await poll.json()
}
console.log(result.results?.[0]?.imageUrl ?? result.error)`,
  },
  {
    dialect: 'gptimage2.ai',
    shows: 'polling',
    language: 'python',
    source: `import os
import time
import requests

headers = {
    "Authorization": f"Bearer {os.environ['GPTIMAGE2_API_KEY']}",
    "Content-Type": "application/json",
}
job = requests.post(
    "https://gptimage2.ai/api/generate",
    headers=headers,
    json={"mode": "text-to-image", "prompt": "A clay bottle", "ratio": "1:1", "count": 1},
)
job.raise_for_status()
data = job.json()
while data["status"] in ("pending", "running"):
    time.sleep(2.5)
    poll = requests.get(f"https://gptimage2.ai/api/generate/{data['jobId']}", headers=headers)
    poll.raise_for_status()
    data = poll.json()
print(data.get("results", [{}])[0].get("imageUrl") or data.get("error"))`,
  },
  nanobananaapi('text to image', '/v1/images/generate', large),
  nanobananaapi('an edit', '/v1/images/edit', {
    prompt: 'A beach behind the subject',
    image: 'https://pictures.example.com/source.png',
    n: 1,
    size: 'auto',
    quality: 'high',
  }),
  nanobananaapiInNode('text to image', '/v1/images/generate', large),
  nanobananaapiInNode('two references', '/v1/images/edit', {
    prompt: 'Both on one shelf',
    image: ['https://pictures.example.com/a.png', 'https://pictures.example.com/b.png'],
    n: 1,
    size: '2048x1152',
    quality: 'high',
  }),
  {
    dialect: 'nanobananaapi.dev',
    shows: 'text to image',
    language: 'python',
    source: `import requests

res = requests.post(
    'https://api.nanobananaapi.dev/v1/images/generate',
    headers={
        'Authorization': 'Bearer YOUR_API_KEY',
        'Content-Type': 'application/json',
    },
    json={
        'model': 'gpt-image-2',
        'prompt': 'A fox in a field of snow',
        'n': 1,
        'size': '3840x2160',
        'quality': 'high',
    },
    timeout=60,
)
result = res.json()
print(result['data']['url'])`,
  },
]
