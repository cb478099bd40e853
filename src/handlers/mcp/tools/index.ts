/** Every tool, in the order in which a model reads of them. */
import type { Tool } from '../tool'
import { listProviders, quote } from './catalogue'
import { editImage, generateImage } from './pictures'
import { cancelTask, getTask, listTasks } from './tasks'
import { uploadReference } from './uploads'

export const TOOLS: readonly Tool[] = [
  generateImage,
  editImage,
  getTask,
  listTasks,
  cancelTask,
  quote,
  listProviders,
  uploadReference,
]
