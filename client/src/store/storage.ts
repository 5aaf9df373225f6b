/** Where a store keeps things: values that can be cloned, by keys. What fails is reported, and the store goes on without. */
export interface ChatStorage {
  /** @returns what there is under keys that begin with a prefix, by key */
  read: (prefix: string) => Promise<Array<[key: string, value: unknown]>>
  write: (key: string, value: unknown) => Promise<void>
  delete: (key: string) => Promise<void>
}

/** A storage that lasts as long as the program, e.g. for tests. */
export function memoryStorage (): ChatStorage {
  const values = new Map<string, unknown>()
  return {
    read: async prefix => [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key, structuredClone(value)]),
    write: async (key, value) => { values.set(key, structuredClone(value)) },
    delete: async key => { values.delete(key) }
  }
}
