import type { AppConfig } from '../config/index.js'
import { hasKeptName, keptName } from './name.js'
import type { Session } from './session.js'

const oidcPlace = 'oidc.user:'

/** Whether somebody is signed in in this tab, as far as one can tell without asking anybody. */
export function isAnybodyKept (): boolean {
  return hasKeptName() || Object.keys(sessionStorage).some(place => place.startsWith(oidcPlace))
}

/** Whoever was signed in in this tab before it was loaded again. */
export async function keptSession ({ signIn: { oidc } }: AppConfig): Promise<Session | undefined> {
  const named = keptName()
  if (named !== undefined || oidc === undefined) return named
  // The library is loaded by those only who have used it.
  if (sessionStorage.getItem(`${oidcPlace}${oidc.authority}:${oidc.clientId}`) === null) return undefined
  return await (await import('./oidc.js')).keptUser(oidc)
}
