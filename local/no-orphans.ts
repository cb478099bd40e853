/**
 * Nothing that this process starts outlives it, however it ends.
 *
 * A process that is killed hard can't clean up, so a second one waits beside it: when its standard input
 * closes, as it does when this process is gone, it ends those that were still running.
 */
import { spawn } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'

/** What Node announces of each child process. */
interface Announcement {
  process: import('node:child_process').ChildProcess
}

let isArranged = false

/** To be called before the first child process that matters. */
export function leaveNoOrphans(): void {
  if (isArranged) return
  isArranged = true
  // In a session of its own: the Ctrl-C that ends this process must not end it too early.
  const watch = spawn(process.execPath, [join(import.meta.dirname, 'orphan-watch.ts')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watch.unref()
  watch.stdin.on('error', () => undefined)
  subscribe('child_process', (message) => {
    const { process: child } = message as Announcement
    child.once('spawn', () => watch.stdin.write(`+${child.pid}\n`))
    child.once('exit', () => watch.stdin.write(`-${child.pid}\n`))
  })
}
