import { claimsOf, isFresh, type Session } from './session.js'

const place = 'equilux:name'

interface Kept { name: string, token: string }

/** A name that the server refused, with the status of its answer; without one it couldn't be reached. */
export class SignInError extends Error {
  constructor (readonly status?: number, options?: ErrorOptions) {
    super(`Signing in was answered with ${status ?? 'nothing'}`, options)
  }
}

/** Signs in by a name only, as a server in development allows. @throws SignInError */
export async function signInByName (name: string): Promise<Session> {
  return sessionOf({ name, token: await askFor(name) })
}

/** Whether somebody was signed in by name in this tab. */
export function hasKeptName (): boolean {
  return sessionStorage.getItem(place) !== null
}

/** Whoever was signed in by name in this tab: two tabs can be two people. */
export function keptName (): Session | undefined {
  const kept = sessionStorage.getItem(place)
  return kept === null ? undefined : sessionOf(JSON.parse(kept) as Kept)
}

function sessionOf (kept: Kept): Session {
  sessionStorage.setItem(place, JSON.stringify(kept))
  let first: string | undefined = isFresh(kept.token) ? kept.token : undefined
  const claims = claimsOf(kept.token)
  return {
    userId: claims?.sub,
    username: claims?.name ?? kept.name,
    token: async () => {
      const token = first ?? await askFor(kept.name)
      first = undefined
      sessionStorage.setItem(place, JSON.stringify({ ...kept, token }))
      return token
    },
    end: async () => sessionStorage.removeItem(place)
  }
}

async function askFor (name: string): Promise<string> {
  const response = await fetch('/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(15_000)
  }).catch((cause: unknown) => { throw new SignInError(undefined, { cause }) })
  if (!response.ok) throw new SignInError(response.status)
  return (await response.json() as { token: string }).token
}
