/** Makes a task and shows it at once; uploads what is to be a reference. */
import type { Output, Task, TaskRequest } from '../../client/index.ts'
import { isFiltered, setFilter, setView } from '../address.ts'
import { addTask } from '../gallery/list.ts'
import { notify, notifyError } from '../parts/notice.tsx'
import { client } from '../session.ts'
import { draft, draftOf, edit } from './draft.ts'

/** @throws ImagegateError when it is refused. */
export async function makeTask(request: TaskRequest): Promise<void> {
  const task = await client().tasks.create(request)
  // Whoever makes a picture wants to see it.
  if (isFiltered.value) setFilter({})
  addTask(task)
}

/** The same request once more. */
export async function makeAgain({ request }: Task): Promise<void> {
  try {
    await makeTask(request)
    notify('Made again.')
  } catch (error) {
    notifyError(error)
  }
}

/** Puts the request into the form, to be changed there; another seed is another picture. */
export function vary(task: Task): void {
  draft.value = { ...draftOf(task.request), seed: '' }
  showForm()
  notify('In the form: change it and generate.')
}

export async function addReference(file: Blob): Promise<void> {
  const { url } = await client().uploads.create(file)
  const preview = URL.createObjectURL(file)
  edit({ references: [...draft.value.references, { url, preview }] })
}

/** Uploads a picture of ours, for providers are not let in to outputs. */
export async function addOutputAsReference(task: Task, { index }: Output): Promise<void> {
  try {
    const response = await client().tasks.output(task.id, index)
    await addReference(await response.blob())
    showForm()
    notify('Added as a reference.')
  } catch (error) {
    notifyError(error)
  }
}

/** The new card is the first one, wherever one has scrolled to; on a phone the form is above it. */
export function showGallery(): void {
  const gallery = document.querySelector('.studio-gallery')
  const top = gallery?.getBoundingClientRect().top ?? 0
  if (top >= 0 && top < innerHeight / 2) return
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  gallery?.scrollIntoView({ behavior: isStill ? 'instant' : 'smooth', block: 'start' })
}

function showForm(): void {
  setView('studio')
  // After the dialog that asked for it has given the focus back.
  setTimeout(() => {
    const prompt = document.getElementById('prompt')
    prompt?.scrollIntoView({ block: 'center' })
    prompt?.focus({ preventScroll: true })
  }, 50)
}
