/** Beside a local command, see `no-orphans.ts`: lines `+pid` and `-pid`, and at their end a kill of the rest. */
import { createInterface } from 'node:readline'

const running = new Set<number>()

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) running.add(pid)
  else running.delete(pid)
}

for (const pid of running) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
