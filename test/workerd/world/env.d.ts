import type { D1Migration } from '@cloudflare/vitest-plugin'
import type worker from '../../../src/index'
import type { TaskRunner } from '../../../src/runner'

declare global {
  namespace Cloudflare {
    interface Env {
      [setting: string]: unknown
      DB: D1Database
      OUTPUTS: R2Bucket
      IMAGES: ImagesBinding
      RUNNER: DurableObjectNamespace<TaskRunner>
      MIGRATIONS: D1Migration[]
    }
    interface GlobalProps {
      mainModule: { default: typeof worker; TaskRunner: typeof TaskRunner }
    }
  }
}
