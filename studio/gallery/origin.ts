/** How a task came to the gateway. */
import type { Task } from '../../client/index.ts'

/** Whether an agent asked for it, through MCP. */
export function isOfAgent({ metadata }: Task): boolean {
  return metadata.origin === 'mcp'
}
