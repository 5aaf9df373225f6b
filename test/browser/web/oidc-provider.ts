import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Test } from 'tap'

/** Who signs in at a provider, and for how long their first ID token holds, in seconds. */
export interface OidcUser { sub: string, name: string, firstToken: number }

/**
 * An OpenID Connect provider at which somebody is signed in already: it asks nothing and leads back. It insists on PKCE.
 * @returns its issuer, the client's id, and which grants were asked for
 */
export async function startOidcProvider (t: Test, { sub, name, firstToken }: OidcUser) {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...await exportJWK(publicKey), kid: 'key', alg: 'ES256', use: 'sig' }
  const clientId = 'equilux-web'
  const pending = new Map<string, { challenge: string, nonce?: string }>()
  const grants: string[] = []

  const server = createServer((request, response) => { answer(request, response).catch(error => { response.writeHead(500).end(String(error)) }) })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer (request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    response.setHeader('access-control-allow-origin', '*')
    const json = (value: object, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    switch (pathname) {
      case '/.well-known/openid-configuration': return json({
        issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, code_challenge_methods_supported: ['S256']
      })
      case '/jwks': return json({ keys: [jwk] })
      case '/authorize': {
        const code = randomUUID()
        pending.set(code, { challenge: searchParams.get('code_challenge') ?? '', nonce: searchParams.get('nonce') ?? undefined })
        const back = new URL(searchParams.get('redirect_uri') ?? '')
        back.search = String(new URLSearchParams({ code, state: searchParams.get('state') ?? '', iss: issuer }))
        return response.writeHead(302, { location: String(back) }).end()
      }
      case '/token': {
        const form = new URLSearchParams(await text(request))
        const grant = form.get('grant_type') ?? ''
        grants.push(grant)
        if (grant === 'refresh_token') return json(await tokens(3600))
        const asked = pending.get(form.get('code') ?? '')
        pending.delete(form.get('code') ?? '')
        const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url')
        if (asked?.challenge !== challenge) return json({ error: 'invalid_grant' }, 400)
        return json(await tokens(firstToken, asked.nonce))
      }
      default: return response.writeHead(404).end()
    }
  }

  async function tokens (seconds: number, nonce?: string) {
    const idToken = await new SignJWT({ name, nonce }).setProtectedHeader({ alg: 'ES256', kid: 'key' })
      .setIssuer(issuer).setAudience(clientId).setSubject(sub).setIssuedAt().setExpirationTime(`${seconds} s`).sign(privateKey)
    return { access_token: 'opaque', token_type: 'Bearer', expires_in: seconds, id_token: idToken, refresh_token: 'again', scope: 'openid profile' }
  }

  return { issuer, clientId, grants }
}
