import type { AppConfig } from '../config/index.js'
import { keptName } from './name.js'
import type { Session } from './session.js'

/** Whoever was signed in in this tab before it was loaded again. */
export async function keptSession ({ signIn: { oidc } }: AppConfig): Promise<Session | undefined> {
  const named = keptName()
  if (named !== undefined || oidc === undefined) return named
  // The library is loaded by those only who have used it.
  if (sessionStorage.getItem(`oidc.user:${oidc.authority}:${oidc.clientId}`) === null) return undefined
  return await (await import('./oidc.js')).keptUser(oidc)
}
