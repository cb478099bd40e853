import type { Database } from '../../../src/db/database'

/** A database whose reads and writes of tasks fail whenever `isDown` says so. */
export function troubled(database: Database, isDown: () => boolean): Database {
  return new Proxy(database, {
    get(target, name, receiver) {
      if (name === 'batch' && isDown()) throw new Error('D1_ERROR: Network connection lost.')
      return Reflect.get(target, name, receiver)
    },
  })
}
