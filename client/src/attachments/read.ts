import { bounded } from '../bounded.js'
import { ownError, type Result } from '../errors.js'
import { sha256Of } from './digest.js'
import { refusalOf } from './refusal.js'
import { silence } from './silence.js'

export interface Read {
  url: string
  /** What comes must be this. */
  file: { size: number, sha256: string, mediaType: string }
  /** Is told how many bytes have come. */
  onProgress: (loaded: number) => void
}

/**
 * Downloads a file.
 * @param signal calls it off
 * @returns the file, byte by byte as it was announced, or what went wrong
 */
export async function read ({ url, file, onProgress }: Read, fetch: typeof globalThis.fetch, signal: AbortSignal | undefined): Promise<Result<Blob>> {
  return await bounded(silence, signal, async (signal, goesOn) => {
    const response = await fetch(url, { credentials: 'omit', signal })
    if (!response.ok) return { error: refusalOf(response, await response.text()) }
    const parts: Array<Uint8Array<ArrayBuffer>> = []
    let loaded = 0
    onProgress(loaded)
    const reader = response.body?.getReader()
    for (let part = await reader?.read(); part?.value !== undefined && loaded <= file.size; part = await reader?.read()) {
      goesOn()
      parts.push(part.value)
      loaded += part.value.byteLength
      onProgress(loaded)
    }
    await reader?.cancel()
    const data = new Blob(parts, { type: file.mediaType })
    const isSame = data.size === file.size && [undefined, file.sha256].includes(await sha256Of(await data.arrayBuffer()))
    return isSame ? { data } : { error: ownError('attachment_mismatch', 'What came isn\'t what was sent', { retryable: false }) }
  })
}
