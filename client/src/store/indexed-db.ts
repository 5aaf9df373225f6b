import type { ChatStorage } from './storage.js'

const databaseName = 'equilux-chat'
const storeName = 'kept'

/** The browser's storage. It is opened with the first use. */
export function indexedDbStorage (indexedDb: IDBFactory): ChatStorage {
  let opening: Promise<IDBDatabase> | undefined

  async function open () {
    const request = indexedDb.open(databaseName, 1)
    request.onupgradeneeded = () => { request.result.createObjectStore(storeName) }
    const database = await resultOf(request)
    // Another version of the program wants to change it, or the browser has ended it: the next use opens it again.
    database.onclose = database.onversionchange = () => {
      database.close()
      opening = undefined
    }
    return database
  }

  async function use<Result> (mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
    opening ??= open()
    try {
      return await resultOf(act((await opening).transaction(storeName, mode).objectStore(storeName)))
    } catch (cause) {
      opening = undefined
      throw cause
    }
  }

  return {
    async read (prefix) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      let values: IDBRequest<unknown[]> | undefined
      // Requests of a transaction are answered in their order: the keys' answer is the last, and both are of one moment.
      const keys = await use('readonly', store => {
        values = store.getAll(range) as IDBRequest<unknown[]>
        return store.getAllKeys(range)
      })
      return keys.map((key, n) => [String(key), values?.result[n]])
    },
    async write (key, value) { await use('readwrite', store => store.put(value, key)) },
    async delete (key) { await use('readwrite', store => store.delete(key)) }
  }
}

async function resultOf<Result> (request: IDBRequest<Result>): Promise<Result> {
  return await new Promise<Result>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The storage failed'))
  })
}
