/** What can be done with several tasks at once. */
import { useSignal } from '@preact/signals'
import { Button, IconButton } from '../parts/button.tsx'
import { count } from '../parts/format.ts'
import { notifyError } from '../parts/notice.tsx'
import { isOperator } from '../session.ts'
import { Compare } from './compare.tsx'
import { deleteTasks } from './delete.ts'
import { clearSelected, selected } from './selected.ts'

export function Selection() {
  const isComparing = useSignal(false)
  const isZipping = useSignal(false)
  const isSure = useSignal(false)
  const tasks = selected.value
  if (tasks.length === 0) return null
  const withPictures = tasks.filter(({ outputs }) => outputs.length > 0)

  const zip = async () => {
    isZipping.value = true
    try {
      const { downloadZip } = await import('./zip.ts')
      await downloadZip(withPictures)
    } catch (error) {
      notifyError(error)
    }
    isZipping.value = false
  }

  return (
    <>
      <div class="selection" role="toolbar" aria-label="Selected tasks">
        <span class="selection-count">{count(tasks.length, 'selected', 'selected')}</span>
        <Button
          icon="compare"
          disabled={withPictures.length < 2}
          onClick={() => {
            isComparing.value = true
          }}
        >
          Compare
        </Button>
        <Button
          icon="download"
          disabled={withPictures.length === 0 || isZipping.value}
          onClick={() => void zip()}
        >
          {isZipping.value ? 'Packing …' : 'ZIP'}
        </Button>
        {!isOperator.value && (
          <Button
            weight="danger"
            icon="delete"
            onBlur={() => {
              isSure.value = false
            }}
            onClick={() => {
              if (isSure.value) void deleteTasks(tasks)
              isSure.value = !isSure.value
            }}
          >
            {isSure.value ? `Really delete ${tasks.length}?` : 'Delete'}
          </Button>
        )}
        <IconButton icon="close" label="Select none" onClick={clearSelected} />
      </div>
      {isComparing.value && (
        <Compare
          tasks={withPictures}
          onClose={() => {
            isComparing.value = false
          }}
        />
      )}
    </>
  )
}
