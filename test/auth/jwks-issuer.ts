import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { Test } from 'tap'

type Algorithm = 'RS256' | 'ES256'

/** A token issuer that publishes its keys over HTTP, counts how often they are fetched, and can be taken down. */
export async function startIssuer (t: Test) {
  const published: JWK[] = []
  const issuer = {
    url: '',
    fetches: 0,
    /** What the issuer does with a request. */
    mode: 'up' as 'up' | 'failing' | 'hanging',
    /** Makes a key, published unless told otherwise. */
    async addKey (kid: string, alg: Algorithm = 'RS256', publish = true) {
      const { publicKey, privateKey } = alg === 'RS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' })
      // Without alg, as RFC 7517 allows: then only the verifier says which algorithms the key is for.
      if (publish) published.push({ ...await exportJWK(publicKey), kid, use: 'sig' })
      return {
        pem: await exportSPKI(publicKey),
        sign: (claims: JWTPayload, header: object = {}) =>
          new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)
      }
    },
    publish: (key: JWK) => { published.push(key) },
    removeKeys: () => { published.length = 0 }
  }
  const server = createServer((_request, response) => {
    issuer.fetches++
    if (issuer.mode === 'hanging') return
    response.writeHead(issuer.mode === 'up' ? 200 : 500, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise(resolve => {
    server.close(resolve)
    server.closeAllConnections()
  }))
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  return issuer
}
