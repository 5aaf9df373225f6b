import { claimsOf, isFresh, type Session } from './session.js'

const patience = 10_000

/** Whether another page shows this one in a frame. */
export function isEmbedded (): boolean {
  return window.parent !== window
}

/** Who the page around says is signed in. @param origins from which it may say so @throws where it says nothing in time */
export async function embeddedSession (origins: readonly string[]): Promise<Session> {
  let first: string | undefined = await askFor(origins)
  const claims = claimsOf(first)
  return {
    userId: claims?.sub,
    username: claims?.name,
    token: async () => {
      const kept = first
      first = undefined
      return kept !== undefined && isFresh(kept) ? kept : await askFor(origins)
    },
    end: async () => {}
  }
}

/** Asks the page around for a token: `{ type: 'equilux:token-needed' }`, answered by `{ type: 'equilux:token', token }`. */
async function askFor (origins: readonly string[]): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    const end = new AbortController()
    const timer = setTimeout(() => {
      end.abort()
      reject(new Error('The page around gives no token'))
    }, patience)
    addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
      if (source !== window.parent || !origins.includes(origin) || !isToken(data)) return
      clearTimeout(timer)
      end.abort()
      resolve(data.token)
    }, { signal: end.signal })
    // Each allowed origin is asked; the browser lets through what is for the page that is really there.
    for (const origin of origins) window.parent.postMessage({ type: 'equilux:token-needed' }, origin)
  })
}

function isToken (data: unknown): data is { token: string } {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'equilux:token' && 'token' in data && typeof data.token === 'string'
}
