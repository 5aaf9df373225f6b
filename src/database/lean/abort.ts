/** The SDK's error of a call that its caller ended. */
export function abortError (): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' })
}

/** Waits for a promise unless a signal comes first: then it throws an `AbortError`. */
export async function unlessAborted<Value> (promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return await promise
  let stop = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(abortError())
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  return await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop))
}
