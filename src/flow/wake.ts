/** Waking a task's runner on behalf of a request, which does not wait for it. */
import type { Ports } from './ports'

export function wakeSoon(ports: Ports, taskId: string): void {
  ports.waitUntil(ports.wake(taskId))
}
