/** All that is known of a task, and what can be done with it. */
import { useSignal } from '@preact/signals'
import type { Output, Task } from '../../client/index.ts'
import { Code } from '../code/code.tsx'
import { Button } from '../parts/button.tsx'
import { formatBytes, formatCost, formatSeconds, formatTime, secondsOf } from '../parts/format.ts'
import { ProviderName } from '../parts/provider-name.tsx'
import { Scroller } from '../parts/scroller.tsx'
import { Attempts } from '../watch/attempts.tsx'
import { nowMs } from '../watch/clock.ts'
import { reasonOf } from '../watch/reasons.ts'
import { isOfAgent } from './origin.ts'
import { Actions } from './task-actions.tsx'
import { promptOf } from './title.ts'

interface Props {
  task: Task
  output: Output | null
}

const LONG_PROMPT = 180
/** What is longer than this is folded, so that the rest is not far below. */
const FOLDED_PROMPT = 480

export function TaskPanel({ task, output }: Props) {
  return (
    <Scroller class="panel" label="About this picture">
      <Prompt key={task.id} text={promptOf(task)} />
      <Failure task={task} />
      <Actions task={task} output={output} />
      <section class="panel-section">
        <h3>Facts</h3>
        <Facts task={task} output={output} />
      </section>
      <section class="panel-section">
        <h3>Attempts</h3>
        <Attempts task={task} />
      </section>
      <section class="panel-section">
        <h3>The same request</h3>
        <Code task={task} />
      </section>
    </Scroller>
  )
}

function Prompt({ text }: { text: string }) {
  const isOpen = useSignal(false)
  const isFoldable = text.length > FOLDED_PROMPT
  return (
    <div class="panel-prompt">
      <p
        class={[
          text.length > LONG_PROMPT ? 'panel-prompt-long' : '',
          isFoldable && !isOpen.value ? 'panel-prompt-folded' : '',
        ].join(' ')}
      >
        {text}
      </p>
      {isFoldable && (
        <Button
          weight="quiet"
          class="link-button"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value
          }}
        >
          {isOpen.value ? 'Show less' : 'Show all'}
        </Button>
      )}
    </div>
  )
}

function Failure({ task }: { task: Task }) {
  const reason = reasonOf(task)
  if (!reason) return null
  return (
    <div class="panel-reason small">
      <p>
        <strong>{reason.title}.</strong> {reason.next}
      </p>
      {task.error && <p class="soft">{task.error.message}</p>}
    </div>
  )
}

function Facts({ task, output }: { task: Task; output: Output | null }) {
  const { request } = task
  return (
    <dl class="facts number">
      {task.provider && (
        <>
          <dt>Provider</dt>
          <dd>
            <ProviderName id={task.provider} />
          </dd>
        </>
      )}
      <Fact name="Status" value={task.status} />
      <Fact name="Model" value={task.model} />
      <Fact name="Price" value={task.completed_at === null ? null : formatCost(task)} />
      <Fact name="Took" value={formatSeconds(secondsOf(task, nowMs.value))} />
      <Fact name="Made" value={formatTime(task.created_at)} />
      {output && <Fact name="Size" value={sizeOf(output)} isWarning={output.size_mismatch} />}
      {output && (
        <Fact name="File" value={`${output.content_type}, ${formatBytes(output.bytes)}`} />
      )}
      <Fact name="Ratio" value={request.aspect_ratio} />
      <Fact name="Resolution" value={request.resolution} />
      <Fact name="Quality" value={request.quality} />
      <Fact name="Seed" value={request.seed} />
      <Fact name="Without" value={request.negative_prompt} />
      <Fact name="References" value={request.image_urls?.length} />
      <Fact name="Asked by" value={isOfAgent(task) ? 'an agent (MCP)' : null} />
      <dt>Task</dt>
      <dd class="fact-id">{task.id}</dd>
    </dl>
  )
}

function sizeOf({ width, height, size_mismatch: isOther }: Output): string {
  const size = width && height ? `${width} × ${height}` : 'unknown'
  return isOther ? `${size}, not as asked` : size
}

interface FactProps {
  name: string
  value: string | number | null | undefined
  isWarning?: boolean | undefined
}

function Fact({ name, value, isWarning = false }: FactProps) {
  if (value === null || value === undefined) return null
  return (
    <>
      <dt>{name}</dt>
      <dd class={isWarning ? 'fact-warn' : ''}>{value}</dd>
    </>
  )
}
