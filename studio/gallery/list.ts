/**
 * The tasks that the page knows, newest first.
 *
 * Invariant: of a task the page never goes back to an older state: whatever is over stays over, and
 * whatever is deleted stays away, however late an answer comes that was on its way before.
 */
import { computed, effect, signal, untracked } from '@preact/signals'
import { ImagegateError, type Task } from '../../client/index.ts'
import { filter } from '../address.ts'
import { messageOf } from '../parts/notice.tsx'
import { apiKey, client } from '../session.ts'
import { matches } from './filter.ts'

const PAGE_SIZE = 40
/** A filtered page may be empty while the list goes on. */
const EMPTY_PAGES_MAX = 5

const tasks = signal<ReadonlyMap<string, Task>>(new Map())
const deleted = new Set<string>()

/** Where the next page begins; null when there is none, undefined before the first. */
const cursor = signal<string | null | undefined>(undefined)
export const isLoading = signal(false)
export const loadFault = signal<string | null>(null)
export const isWhole = computed(() => cursor.value === null)

/** Newest first: ids sort by time. */
export const shown = computed<readonly Task[]>(() =>
  [...tasks.value.values()]
    .filter((task) => matches(task, filter.value))
    .sort((a, b) => (a.id < b.id ? 1 : -1)),
)

export const running = computed(() =>
  [...tasks.value.values()].filter((task) => task.completed_at === null),
)

export const isBeforeFirstPage = computed(() => cursor.value === undefined)

export function taskOf(id: string): Task | null {
  return tasks.value.get(id) ?? null
}

export function addTask(task: Task): void {
  putTasks([task])
}

export function putTasks(news: readonly Task[]): void {
  const changed = news.filter((task) => isNews(tasks.value.get(task.id), task))
  if (changed.length === 0) return
  tasks.value = new Map([...tasks.value, ...changed.map((task) => [task.id, task] as const)])
}

export function removeTask(id: string): void {
  deleted.add(id)
  tasks.value = new Map([...tasks.value].filter(([other]) => other !== id))
}

function isNews(known: Task | undefined, task: Task): boolean {
  if (!known) return !deleted.has(task.id)
  if (known.completed_at !== null && task.completed_at === null) return false
  return !isSame(known, task)
}

/** Each answer signs the addresses anew; that alone must not load every picture again. */
function isSame(known: Task, task: Task): boolean {
  return JSON.stringify(known, withoutAddresses) === JSON.stringify(task, withoutAddresses)
}

function withoutAddresses(name: string, value: unknown): unknown {
  return name === 'url' || name === 'url_expires_at' ? undefined : value
}

let loading = new AbortController()

/** Loads the next page, and further ones while they bring nothing. */
export async function loadMore(): Promise<void> {
  if (isLoading.value || cursor.value === null || apiKey.value === null) return
  const { signal: aborted } = loading
  isLoading.value = true
  loadFault.value = null
  try {
    for (let empty = 0; empty < EMPTY_PAGES_MAX; empty++) {
      const start = cursor.value ? { cursor: cursor.value } : {}
      const query = { ...filter.value, ...start, limit: PAGE_SIZE }
      const page = await client().tasks.list(query, { signal: aborted })
      putTasks(page.data)
      cursor.value = page.next_cursor
      if (page.data.length > 0 || page.next_cursor === null) break
    }
  } catch (error) {
    if (aborted.aborted) return
    loadFault.value = messageOf(error)
  }
  if (!aborted.aborted) isLoading.value = false
}

/** The newest page again, for tasks that somebody else made. */
export async function refreshNewest(): Promise<void> {
  const page = await client().tasks.list({ ...filter.value, limit: 20 })
  putTasks(page.data)
}

export async function refreshTask(id: string): Promise<void> {
  const task = await readTask(id)
  if (task) putTasks([task])
}

/** For a finished task whose addresses have expired while the page stood open. */
export async function renewAddresses(id: string): Promise<void> {
  const task = await readTask(id)
  if (task) tasks.value = new Map([...tasks.value, [id, task]])
}

/** Null when somebody deleted it. */
async function readTask(id: string): Promise<Task | null> {
  try {
    return await client().tasks.get(id)
  } catch (error) {
    if (!(error instanceof ImagegateError && error.status === 404)) throw error
    removeTask(id)
    return null
  }
}

const question = computed(() => JSON.stringify([apiKey.value, filter.value]))

/** Begins the list anew for each key and filter. @returns a stop. */
export function keepList(): () => void {
  let keyBefore = apiKey.peek()
  return effect(() => {
    void question.value
    const key = apiKey.peek()
    loading.abort()
    loading = new AbortController()
    if (key !== keyBefore) tasks.value = new Map()
    keyBefore = key
    cursor.value = undefined
    isLoading.value = false
    if (key !== null) untracked(() => void loadMore())
  })
}
