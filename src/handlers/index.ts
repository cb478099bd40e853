/** Every operation of the gateway, each by its name; the reference sorts them by tag and path. */
export { receiveCallback } from './callbacks'
export { listModels, listProviders } from './catalogue'
export { settleCharge } from './charges'
export { editOpenAiImage } from './dialects/openai/edit'
export { createOpenAiImage } from './dialects/openai/generate'
export { getOpenAiModel, listOpenAiModels } from './dialects/openai/models'
export { getHealth } from './health'
export {
  createKey,
  deleteKey,
  listKeys,
  rotateKey,
  rotateWebhookSecret,
  updateKey,
} from './keys'
export { getOutput } from './pictures/outputs'
export { createUpload, getUpload } from './pictures/uploads'
export { createQuote } from './quotes'
export { cancelTask, deleteTask } from './tasks/cancel'
export { createTask } from './tasks/create'
export { streamTask } from './tasks/events'
export { listTasks } from './tasks/list'
export { getTask } from './tasks/read'
export { listUsage } from './usage'
export { listDeliveries, redeliver, testWebhook } from './webhooks'
