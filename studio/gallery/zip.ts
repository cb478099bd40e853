/** Several tasks' pictures as one file, packed in the browser while they come in. */
import { downloadZip as pack } from 'client-zip'
import type { Task } from '../../client/index.ts'
import { fileNameOf, saveFile } from './file.ts'
import { pathOf } from './picture.tsx'

export async function downloadZip(tasks: readonly Task[]): Promise<void> {
  const blob = await pack(filesOf(tasks)).blob()
  saveFile(URL.createObjectURL(blob), 'imagegate.zip')
}

async function* filesOf(tasks: readonly Task[]) {
  for (const task of tasks) {
    for (const output of task.outputs) {
      const input = await fetch(pathOf(output))
      if (!input.ok) throw new Error(`A picture could not be fetched (HTTP ${input.status}).`)
      yield { name: fileNameOf(task, output), lastModified: new Date(task.created_at), input }
    }
  }
}
