import t from 'tap'
import type { TradeOfferMessage } from '../../schemas/message.js'
import { TestSocket } from '../support/helper.js'
import { start, tokenFor } from '../support/server-process.js'
import { later, opening } from '../support/trades.js'

t.test('an offer that runs out is told although the server was killed and started again in between, and nobody looks', async t => {
  const folder = t.testdir()
  const headers = { authorization: `Bearer ${await tokenFor('alice')}` }
  const first = await start(t, folder)
  const response = await fetch(`${first.url}/api/messages/bob`, {
    method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(opening({ expiresAt: later(6000) }))
  })
  t.equal(response.status, 201)
  const { tradeOffer } = await response.json() as TradeOfferMessage
  const { cursor } = await (await fetch(`${first.url}/api/messages/sync`, { headers })).json() as { cursor: string }
  first.child.kill('SIGKILL')
  await first.exited

  const second = await start(t, folder)
  const socket = new TestSocket(second.url, headers)
  t.teardown(() => socket.socket.terminate())
  await socket.next('connected')
  // On a busy machine it may have been told before there was somebody to hear it.
  socket.send({ type: 'resume', data: { since: cursor } })
  const { data } = await socket.next('tradeResponse', 120_000)
  t.match(data, { offer: { messageId: tradeOffer.messageId, status: 'expired' }, message: { tradeResponse: { action: 'expire' } } })
  t.comment(`told ${Date.parse(data.message.timestamp) - Date.parse(tradeOffer.currentProposal.expiresAt)} ms after it ran out`)
})
