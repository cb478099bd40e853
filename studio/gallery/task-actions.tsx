/** What can be done with one task and its picture. */
import { useSignal } from '@preact/signals'
import type { Output, Task } from '../../client/index.ts'
import { addOutputAsReference, makeAgain, vary } from '../make/make-task.ts'
import { Button } from '../parts/button.tsx'
import { copy } from '../parts/copy.ts'
import { notifyError } from '../parts/notice.tsx'
import { client, isOperator } from '../session.ts'
import { deleteTasks } from './delete.ts'
import { fileNameOf, saveFile } from './file.ts'
import { putTasks } from './list.ts'
import { closeTask } from './open.ts'
import { pathOf } from './picture.tsx'

interface Props {
  task: Task
  output: Output | null
}

export function Actions({ task, output }: Props) {
  return (
    <div class="actions">
      {output && (
        <>
          <Button
            weight="primary"
            icon="download"
            onClick={() => saveFile(pathOf(output), fileNameOf(task, output))}
          >
            Download
          </Button>
          <Button icon="copy" onClick={() => void copy(output.url, 'Address')}>
            Copy address
          </Button>
        </>
      )}
      {!isOperator.value && <MakerActions task={task} output={output} />}
    </div>
  )
}

function MakerActions({ task, output }: Props) {
  const close = (act: () => unknown) => () => {
    closeTask()
    void act()
  }
  return (
    <>
      {output && (
        <Button icon="reference" onClick={close(() => addOutputAsReference(task, output))}>
          Use as reference
        </Button>
      )}
      <Button icon="vary" onClick={close(() => vary(task))}>
        Vary
      </Button>
      <Button icon="again" onClick={close(() => makeAgain(task))}>
        Again
      </Button>
      {task.status === 'queued' && <CancelButton task={task} />}
      {task.completed_at !== null && <DeleteButton task={task} />}
    </>
  )
}

function CancelButton({ task }: { task: Task }) {
  const cancel = async () => {
    try {
      putTasks([await client().tasks.cancel(task.id)])
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <Button weight="danger" icon="close" onClick={() => void cancel()}>
      Cancel
    </Button>
  )
}

function DeleteButton({ task }: { task: Task }) {
  const isSure = useSignal(false)
  return (
    <Button
      weight="danger"
      icon="delete"
      onBlur={() => {
        isSure.value = false
      }}
      onClick={() => {
        if (isSure.value) void deleteTasks([task]).then((isGone) => isGone && closeTask())
        isSure.value = !isSure.value
      }}
    >
      {isSure.value ? 'Really?' : 'Delete'}
    </Button>
  )
}
