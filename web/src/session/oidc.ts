import { UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import type { AppConfig } from '../config/index.js'
import { isFresh, type Session } from './session.js'

type Oidc = NonNullable<AppConfig['signIn']['oidc']>

function manager ({ authority, clientId }: Oidc): UserManager {
  const store = new WebStorageStateStore({ store: sessionStorage })
  return new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: `${location.origin}/sign-in`,
    post_logout_redirect_uri: `${location.origin}/sign-in`,
    scope: 'openid profile',
    userStore: store,
    stateStore: store,
    // The store asks for a token when it needs one.
    automaticSilentRenew: false,
    monitorSession: false
  })
}

/**
 * Leaves for the page where one signs in (Authorization Code with PKCE).
 * @param from what to show afterwards
 * @param isAnew whether one has to prove there who one is, also if that was done before; the token then says when it was (`auth_time`)
 */
export async function leaveToSignIn (oidc: Oidc, from: string, isAnew: boolean): Promise<void> {
  await manager(oidc).signinRedirect({ state: { from }, ...isAnew && { prompt: 'login', max_age: 0 } })
}

/** Takes what the address brought back from there. @throws where it isn't as asked for */
export async function returnFromSignIn (oidc: Oidc): Promise<{ session: Session, from?: string }> {
  const users = manager(oidc)
  const user = await users.signinRedirectCallback()
  return { session: sessionOf(users, user), from: (user.state as { from?: string } | undefined)?.from }
}

/** Whoever was signed in in this tab. */
export async function keptUser (oidc: Oidc): Promise<Session | undefined> {
  const users = manager(oidc)
  const user = await users.getUser()
  return user === null ? undefined : sessionOf(users, user)
}

/** The ID token is what the server wants: it is a JWT for this app, with everybody. */
function sessionOf (users: UserManager, user: User): Session {
  const { sub, name, preferred_username: handle } = user.profile
  let first = user.id_token
  return {
    userId: sub,
    username: name ?? handle,
    token: async () => {
      const kept = first
      first = undefined
      if (kept !== undefined && isFresh(kept)) return kept
      return await renew(users)
    },
    end: async () => await users.removeUser()
  }
}

/** By the refresh token: frames are not let in. */
async function renew (users: UserManager): Promise<string> {
  const user = await users.getUser()
  if (user?.refresh_token === undefined) throw new Error('The sign-in has run out')
  const renewed = await users.signinSilent()
  if (renewed?.id_token === undefined) throw new Error('The sign-in wasn\'t renewed')
  return renewed.id_token
}
