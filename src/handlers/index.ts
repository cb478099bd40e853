/** Every operation of the gateway, each by its name; the reference sorts them by tag and path. */
export { receiveCallback } from './callbacks'
export { listModels, listProviders } from './catalogue'
export { settleCharge } from './charges'
export {
  aivideoapiGenerate,
  aivideoapiGetCredits,
  aivideoapiGetTask,
} from './dialects/aivideoapi.ai'
export { gptimage2Generate, gptimage2GetJob } from './dialects/gptimage2.ai'
export { gptimage2apiGenerate, gptimage2apiGetTask } from './dialects/gptimage2api.org'
export {
  nanobananaapiEdit,
  nanobananaapiEdits,
  nanobananaapiGenerate,
} from './dialects/nanobananaapi.dev'
export { editOpenAiImage } from './dialects/openai/edit'
export { createOpenAiImage } from './dialects/openai/generate'
export { getOpenAiModel, listOpenAiModels } from './dialects/openai/models'

export { getHealth } from './health'
export { createKey, deleteKey, listKeys, updateKey } from './keys/manage'
export { rotateKey, rotateWebhookSecret } from './keys/rotate'
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
