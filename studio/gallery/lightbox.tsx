/** One picture large, with all that is known of its task; arrows lead on, Escape closes. */
import { IconButton } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Progress } from '../watch/progress.tsx'
import { reasonOf } from '../watch/reasons.ts'
import { closeTask, move, neighbour, opened } from './open.ts'
import { Picture } from './picture.tsx'
import { TaskPanel } from './task-panel.tsx'
import { nameOf, titleOf } from './title.ts'
import './lightbox.css'

export function Lightbox() {
  if (!opened.value) return null
  const { task, index } = opened.value
  const output = task.outputs.find((candidate) => candidate.index === index) ?? null
  return (
    <Dialog
      label={titleOf(task)}
      size="whole"
      onClose={closeTask}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement) return
        if (event.key === 'ArrowLeft') move(-1)
        if (event.key === 'ArrowRight') move(1)
      }}
    >
      <div class="lightbox">
        <div class="stage">
          {output ? (
            <Picture
              key={output.sha256}
              task={task}
              output={output}
              width={stageWidth()}
              alt={nameOf(task, output.index)}
            />
          ) : (
            <div class="stage-message" data-provider={task.provider}>
              {task.completed_at === null ? (
                <>
                  <p class="stage-status">{task.status}</p>
                  <Progress task={task} />
                </>
              ) : (
                <>
                  <p class="stage-status">{reasonOf(task)?.title}</p>
                  <p class="soft">{reasonOf(task)?.next}</p>
                </>
              )}
            </div>
          )}
          <IconButton
            class="stage-move stage-left"
            icon="left"
            label="Newer"
            disabled={neighbour(-1) === null}
            onClick={() => move(-1)}
          />
          <IconButton
            class="stage-move stage-right"
            icon="right"
            label="Older"
            disabled={neighbour(1) === null}
            onClick={() => move(1)}
          />
        </div>
        <TaskPanel task={task} output={output} />
      </div>
    </Dialog>
  )
}

const PANEL_WIDTH = 380

function stageWidth(): number {
  return innerWidth > 2 * PANEL_WIDTH ? innerWidth - PANEL_WIDTH : innerWidth
}
