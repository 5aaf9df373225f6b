import { ownError, type ChatError } from './errors.js'

type Ending = 'timed_out' | 'aborted'

/**
 * Does what must come to an end. It never rejects.
 * @param ms how long it may take, from the beginning or from when it last said that it goes on
 * @param signal calls it off
 * @param act ends when its own signal says so
 * @returns what it came to, or what went wrong
 */
export async function bounded<Outcome> (
  ms: number, signal: AbortSignal | undefined, act: (signal: AbortSignal, goesOn: () => void) => Promise<Outcome>
): Promise<Outcome | { data?: undefined, error: ChatError }> {
  const abort = new AbortController()
  const end = (why: Ending) => abort.abort(why)
  const callOff = () => end('aborted')
  let timer: ReturnType<typeof setTimeout> | undefined
  const goesOn = () => {
    clearTimeout(timer)
    timer = setTimeout(end, ms, 'timed_out')
  }
  goesOn()
  signal?.addEventListener('abort', callOff)
  if (signal?.aborted) callOff()
  try {
    return await act(abort.signal, goesOn)
  } catch (cause) {
    const code = abort.signal.reason as Ending | undefined ?? 'network_unreachable'
    return { error: ownError(code, undefined, { retryable: code !== 'aborted', cause }) }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', callOff)
  }
}
