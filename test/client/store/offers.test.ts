import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { TradeOffer } from '../../../client/src/index.js'
import { Offers } from '../../../client/src/store/offers.js'

const expiresAt = '2027-06-01T12:00:00.000Z'

function offer (revision: number, status: TradeOffer['status']): TradeOffer {
  const isOpen = status === 'pending' || status === 'countered'
  return {
    messageId: '7a3f7c7e-3c1f-4e0a-8a55-2f6d1f1f7f60',
    conversationId: 'ann~bob',
    senderId: 'ann',
    receiverId: 'bob',
    status,
    revision,
    awaiting: isOpen ? (revision % 2 === 1 ? 'bob' : 'ann') : null,
    currentProposal: {
      pricePerUnit: 0.27, currency: 'EUR', totalAmount: 12.5, totalPrice: '3.375', startTime: expiresAt, tradeType: 'sell', expiresAt, proposedBy: 'ann'
    },
    createdAt: '2027-01-01T12:00:00.000Z',
    updatedAt: '2027-01-01T12:00:00.000Z'
  }
}

const before = Date.parse(expiresAt) - 1

t.test('whatever order its states come in, the newest one is shown', async () => {
  const states = [offer(1, 'pending'), offer(2, 'countered'), offer(3, 'countered'), offer(3, 'accepted')]
  fc.assert(fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }), order => {
    const offers = new Offers()
    for (const n of order) offers.take(states[n] as TradeOffer)
    return isDeepStrictEqual(offers.get(states[0]?.messageId as string, before), states[Math.max(...order)])
  }))
})

t.test('an outcome is newer than that the time seemed to be up', async t => {
  const offers = new Offers()
  t.equal(offers.take(offer(1, 'expired')), true)
  t.equal(offers.take(offer(1, 'pending')), false)
  t.equal(offers.take(offer(1, 'accepted')), true)
  t.equal(offers.take(offer(1, 'expired')), false)
})

t.test('an open offer is expired from the millisecond on in which it expires, and always the same object', async t => {
  const offers = new Offers()
  const open = offer(1, 'pending')
  offers.take(open)
  t.equal(offers.nextExpiry(before), Date.parse(expiresAt))
  const shown = offers.get(open.messageId, before)
  t.strictSame(shown, open)
  t.equal(offers.get(open.messageId, before), shown)
  const expired = offers.get(open.messageId, before + 1)
  t.same(expired, { ...open, status: 'expired', awaiting: null, updatedAt: expiresAt })
  t.equal(offers.get(open.messageId, before + 1000), expired)
  t.equal(offers.nextExpiry(before + 1), Infinity)
})
