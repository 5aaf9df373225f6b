import { claimsOf, isFresh, type Session } from './session.js'

const place = 'equilux:name'

interface Kept { name: string, token: string }

/** Why a name was refused: the server's problem, or undefined where it can't be reached. */
export class SignInError extends Error {
  constructor (readonly status?: number, readonly detail?: string, options?: ErrorOptions) {
    super(detail ?? 'The server can\'t be reached', options)
  }
}

/** Signs in by a name only, as a server in development allows. @throws SignInError */
export async function signInByName (name: string): Promise<Session> {
  return sessionOf({ name, token: await askFor(name) })
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
    headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(15_000)
  }).catch((cause: unknown) => { throw new SignInError(undefined, undefined, { cause }) })
  const answer = await response.json().catch(() => ({})) as { token?: string, detail?: string }
  if (!response.ok || answer.token === undefined) throw new SignInError(response.status, answer.detail)
  return answer.token
}
