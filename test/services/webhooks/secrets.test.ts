import { createHmac } from 'node:crypto'
import t from 'tap'
import { overlap, secretOf, signingSecrets } from '../../../src/services/webhooks/secrets.js'
import { signatureHeaders } from '../../../src/work/webhooks/signature.js'
import { isSignedWith } from '../../support/receiver.js'

const root = 'a secret of at least thirty-two bytes'
const endpointId = '4e07408562bedb8b'
const event = { id: 'msg_0f8c1e6a5b1d4a579d576f4f2f0b8f5e', body: '{"type":"ping","data":{"name":"Grüße 🌞"}}' }

t.test('a secret follows from the root, the endpoint and the version, as RFC 5869 says', t => {
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const derived = hmac(hmac(Buffer.alloc(32), root), `${endpointId}#1\u0001`)
  const secret = secretOf(root, { endpointId, secretVersion: 1 })
  t.equal(secret, `whsec_${derived.toString('base64')}`)
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  const others = [
    secretOf(root, { endpointId, secretVersion: 2 }), secretOf(root, { endpointId: '4e07408562bedb8c', secretVersion: 1 }),
    secretOf(`${root}!`, { endpointId, secretVersion: 1 })
  ]
  t.equal(new Set([secret, ...others]).size, 4)
  t.end()
})

t.test('what is signed verifies with the public library, and nothing else does', t => {
  const secret = secretOf(root, { endpointId, secretVersion: 1 })
  const headers = signatureHeaders(event, [secret], Date.now())
  t.match(headers, { 'webhook-id': event.id, 'webhook-timestamp': /^\d{10}$/, 'webhook-signature': /^v1,[A-Za-z0-9+/]{43}=$/ })
  t.ok(isSignedWith(secret, { body: event.body, headers }))
  t.notOk(isSignedWith(secret, { body: `${event.body} `, headers }))
  t.notOk(isSignedWith(secret, { body: event.body, headers: { ...headers, 'webhook-id': 'msg_other' } }))
  t.notOk(isSignedWith(secret, { body: event.body, headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) } }))
  t.notOk(isSignedWith(secretOf(root, { endpointId, secretVersion: 2 }), { body: event.body, headers }))
  t.notOk(isSignedWith(secret, { body: event.body, headers: signatureHeaders(event, [secret], Date.now() - 600_000) }), 'an old one')
  t.end()
})

t.test('for a day after a rotation the old secret and the new one both verify, and then the new one alone', t => {
  const now = Date.now()
  const [before, after] = [1, 2].map(secretVersion => secretOf(root, { endpointId, secretVersion })) as [string, string]
  const state = { endpointId, secretVersion: 2, previousUntil: now + overlap }
  // The library goes by this machine's clock: the secrets are those of the time, the timestamp is of now.
  const verifiedBy = (at: number) => {
    const headers = signatureHeaders(event, signingSecrets(root, state, at), now)
    return [before, after].map(secret => isSignedWith(secret, { body: event.body, headers }))
  }
  t.strictSame(verifiedBy(now), [true, true])
  t.strictSame(verifiedBy(now + overlap - 1), [true, true])
  t.strictSame(verifiedBy(now + overlap), [false, true])
  t.equal(overlap, 86_400_000)
  t.strictSame(signingSecrets(root, { endpointId, secretVersion: 1 }, now), [before])
  t.end()
})
