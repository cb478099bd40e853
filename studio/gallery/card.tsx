/** A task on the contact sheet: under way, finished, or failed. */
import type { Task } from '../../client/index.ts'
import { makeAgain } from '../make/make-task.ts'
import { Button } from '../parts/button.tsx'
import { count, formatCost } from '../parts/format.ts'
import { Icon } from '../parts/icon.tsx'
import { ProviderName } from '../parts/provider-name.tsx'
import { isOperator } from '../session.ts'
import { Progress } from '../watch/progress.tsx'
import { reasonOf } from '../watch/reasons.ts'
import { openTask } from './open.ts'
import { isOfAgent } from './origin.ts'
import { Picture } from './picture.tsx'
import { gridOf } from './ratio.ts'
import { isSelected, toggleSelected } from './selected.ts'
import { nameOf, titleOf } from './title.ts'
import './card.css'

interface Props {
  task: Task
  /** In CSS pixels. */
  width: number
}

export function Card({ task, width }: Props) {
  const title = titleOf(task)
  return (
    <>
      <div class="card-face" data-provider={task.provider}>
        <Face task={task} width={width} />
        {task.completed_at !== null && (
          <label class="card-select">
            <input
              type="checkbox"
              aria-label={`Select ${title}`}
              checked={isSelected(task.id)}
              onChange={() => toggleSelected(task.id)}
            />
          </label>
        )}
      </div>
      <div class="card-words">
        <p class="card-title truncate" title={title}>
          {title}
        </p>
        <p class="card-facts small">
          {task.provider && <ProviderName id={task.provider} />}
          <span class="card-numbers number">
            {task.completed_at !== null && `${formatCost(task)} · `}
            {count(task.attempts.length, 'attempt')}
            {isOfAgent(task) && ' · MCP'}
          </span>
        </p>
      </div>
    </>
  )
}

function Face({ task, width }: Props) {
  if (task.completed_at === null) return <RunningFace task={task} />
  if (task.outputs.length === 0) return <FailedFace task={task} />
  return <PicturesFace task={task} width={width} />
}

function RunningFace({ task }: { task: Task }) {
  const moved = task.attempts.filter(({ error }) => error !== null).at(-1)
  return (
    <div class="card-running">
      <button
        type="button"
        class="card-cover"
        aria-label={`Open ${titleOf(task)}`}
        onClick={() => openTask(task.id)}
      />
      <span class="card-status">
        <span class="card-pulse" aria-hidden="true" />
        <span>{task.status}</span>
      </span>
      {moved && (
        <span class="card-moved small">
          {moved.provider}: {moved.error?.message}
        </span>
      )}
      <Progress task={task} />
    </div>
  )
}

function FailedFace({ task }: { task: Task }) {
  const reason = reasonOf(task)
  return (
    <div class="card-failed">
      <Icon name="warning" />
      <button type="button" class="card-reason" onClick={() => openTask(task.id)}>
        <span class="card-reason-title">{reason?.title ?? task.status}</span>
        <span class="card-reason-next small">{reason?.next}</span>
      </button>
      {!isOperator.value && (
        <Button icon="again" onClick={() => void makeAgain(task)}>
          Again
        </Button>
      )}
    </div>
  )
}

function PicturesFace({ task, width }: Props) {
  const { columns, rows } = gridOf(task.outputs.length)
  return (
    <div
      class="card-pictures"
      style={{
        gridTemplateColumns: `repeat(${columns}, 1fr)`,
        gridTemplateRows: `repeat(${rows}, 1fr)`,
      }}
    >
      {task.outputs.map((output) => (
        <button
          key={output.index}
          type="button"
          class="card-picture"
          aria-label={`Open ${nameOf(task, output.index)}`}
          onClick={() => openTask(task.id, output.index)}
        >
          <Picture
            task={task}
            output={output}
            width={width / columns}
            alt={nameOf(task, output.index)}
          />
        </button>
      ))}
      {task.status === 'failed' && <span class="card-badge small">{reasonOf(task)?.title}</span>}
    </div>
  )
}
