/** Several tasks' pictures side by side, each whole. */
import type { Task } from '../../client/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { formatCost, formatSeconds, secondsOf } from '../parts/format.ts'
import { ProviderName } from '../parts/provider-name.tsx'
import { Picture } from './picture.tsx'
import { gridOf } from './ratio.ts'
import { nameOf, promptOf, titleOf } from './title.ts'
import './compare.css'

interface Props {
  tasks: readonly Task[]
  onClose(): void
}

export function Compare({ tasks, onClose }: Props) {
  const pictures = tasks.flatMap((task) => task.outputs.map((output) => ({ task, output })))
  const { columns } = gridOf(pictures.length)
  const isSamePrompt = new Set(tasks.map(promptOf)).size === 1
  return (
    <Dialog label="Compare" size="whole" onClose={onClose}>
      <div class="compare">
        <h2 class="compare-title truncate">
          {isSamePrompt && tasks[0] ? titleOf(tasks[0]) : `${pictures.length} pictures`}
        </h2>
        <ul class="compare-grid" style={{ '--columns': columns }}>
          {pictures.map(({ task, output }) => (
            <li key={`${task.id}-${output.index}`} class="compare-item">
              <div class="compare-picture">
                <Picture
                  task={task}
                  output={output}
                  width={innerWidth / columns}
                  alt={nameOf(task, output.index)}
                />
              </div>
              {!isSamePrompt && <p class="truncate">{titleOf(task)}</p>}
              <p class="compare-facts small soft number">
                {task.provider && <ProviderName id={task.provider} />}
                <span>
                  {formatCost(task)} · {formatSeconds(secondsOf(task, Date.now()))} · {output.width}
                  ×{output.height}
                </span>
              </p>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}
