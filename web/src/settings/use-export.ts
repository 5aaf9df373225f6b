import type { ChatError } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import { useEffect, useRef, useState } from 'react'
import { useAccount } from '../safety/use-account.js'
import { saveFile } from '../ui/index.js'

export interface Export {
  state: 'idle' | 'busy' | 'done'
  /** How many entries were read. */
  count: number
  error?: ChatError
}

/** Reads all that is stored about the reader, and makes a file of it: a line of JSON each. */
export function useExport (): Export & { start: () => void, cancel: () => void } {
  const store = useStore()
  const account = useAccount()
  const [exported, setExported] = useState<Export>({ state: 'idle', count: 0 })
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  const run = async () => {
    const { signal } = abort.current = new AbortController()
    const lines: string[] = []
    setExported({ state: 'busy', count: 0 })
    for await (const line of account.exportAccount(signal)) {
      if (signal.aborted) return
      if (line.type === 'failed') return setExported({ state: 'idle', count: lines.length, error: line.error })
      lines.push(`${JSON.stringify(line)}\n`)
      if (lines.length % 100 === 0) setExported({ state: 'busy', count: lines.length })
    }
    saveFile(`equilux-${new Date(store.now()).toISOString().slice(0, 10)}.ndjson`, new Blob(lines, { type: 'application/x-ndjson' }))
    setExported({ state: 'done', count: lines.length })
  }
  return {
    ...exported,
    start: () => { run().catch(reportError) },
    cancel: () => {
      abort.current?.abort()
      setExported({ state: 'idle', count: 0 })
    }
  }
}
