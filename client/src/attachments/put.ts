import { bounded } from '../bounded.js'
import type { ChatError } from '../errors.js'
import { refusalOf } from './refusal.js'
import { silence } from './silence.js'

/** Below what speed it isn't waited for any longer where nobody tells how far it is, in bytes per ms. */
const slowest = 16

/** Bytes, and where they go. */
export interface Put {
  url: string
  headers: Record<string, string>
  bytes: ArrayBuffer
  /** Is told how many bytes have gone. */
  onProgress: (loaded: number) => void
}

/**
 * Uploads bytes.
 * @param fetch the app's own; without one it is XMLHttpRequest where there is one, because that tells how far it is
 * @param signal calls it off
 * @returns what went wrong, if it isn't there
 */
export async function put (put: Put, fetch: typeof globalThis.fetch | undefined, signal: AbortSignal | undefined): Promise<ChatError | undefined> {
  const { url, headers, bytes, onProgress } = put
  const isTold = fetch === undefined && 'XMLHttpRequest' in globalThis
  onProgress(0)
  const { error } = await bounded(isTold ? silence : silence + bytes.byteLength / slowest, signal, async (signal, goesOn) => {
    const init: RequestInit = { method: 'PUT', headers, body: bytes, credentials: 'omit', signal }
    const response = isTold ? await request(put, signal, goesOn) : await (fetch ?? globalThis.fetch)(url, init)
    const text = await response.text()
    // 412: an earlier try has got through, though its answer hasn't.
    return response.ok || response.status === 412 ? {} : { error: refusalOf(response, text) }
  })
  if (error === undefined) onProgress(bytes.byteLength)
  return error
}

async function request ({ url, headers, bytes, onProgress }: Put, signal: AbortSignal, goesOn: () => void): Promise<Response> {
  signal.throwIfAborted()
  const request = new XMLHttpRequest()
  const answered = new Promise<Response>((resolve, reject) => {
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status, headers: headersIn(request.getAllResponseHeaders()) }))
    request.onerror = request.onabort = () => reject(new TypeError('The upload broke off'))
  })
  request.open('PUT', url)
  for (const header of Object.entries(headers)) request.setRequestHeader(...header)
  request.upload.onprogress = ({ loaded }) => {
    goesOn()
    onProgress(loaded)
  }
  signal.addEventListener('abort', () => request.abort())
  request.send(bytes)
  return await answered
}

function headersIn (text: string): Array<[name: string, value: string]> {
  return Array.from(text.matchAll(/^(.+?): (.*)$/gm), ([, name = '', value = '']) => [name, value])
}
