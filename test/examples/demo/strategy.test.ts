import fc from 'fast-check'
import t from 'tap'
import { cast } from '../../../docs/examples/demo/cast.js'
import { decide, priceOf, type Strategy } from '../../../docs/examples/demo/strategy.js'
import { openingTerms, toPrice, toUnits } from '../../../docs/examples/demo/terms.js'

const price = fc.integer({ min: 1, max: 200_000 })
const strategies: fc.Arbitrary<Strategy> = fc.record({
  side: fc.constantFrom('sell' as const, 'buy' as const),
  prices: fc.tuple(price, price),
  proposals: fc.integer({ min: 1, max: 10 }),
  amounts: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }).map(amounts => amounts.sort((a, b) => a - b) as [number]),
  hours: fc.array(fc.integer({ min: 0, max: 23 }), { minLength: 1 }).map(hours => hours as [number])
}).map(({ prices: [one, other], side, ...rest }) => turned({ ...rest, side, opening: one, limit: other }, side))

/** A strategy for a side: sellers come down, buyers up. */
function turned ({ opening, limit, ...rest }: Strategy, side: 'sell' | 'buy'): Strategy {
  const [low, high] = [Math.min(opening, limit), Math.max(opening, limit)]
  return side === 'sell' ? { ...rest, side, opening: high, limit: low } : { ...rest, side, opening: low, limit: high }
}

const isBeyond = ({ side, limit }: Strategy, agreed: number) => side === 'sell' ? agreed < limit : agreed > limit

t.test('a strategy never agrees, and never proposes, beyond its limit, whatever it is offered', async () => {
  fc.assert(fc.property(strategies, price, fc.integer({ min: 1, max: 200 }), fc.nat(20), fc.constantFrom('sell' as const, 'buy' as const), (strategy, offered, amount, proposed, side) => {
    const decision = decide(strategy, { side, price: offered, amount, proposed })
    if (decision.response === 'accept') return side === strategy.side && !isBeyond(strategy, offered) && amount <= strategy.amounts.at(-1)!
    return decision.response === 'reject' || (!isBeyond(strategy, decision.price) && (decision.amount ?? amount) <= strategy.amounts.at(-1)!)
  }))
  fc.assert(fc.property(strategies, fc.nat(20), (strategy, n) => !isBeyond(strategy, priceOf(strategy, n))))
})

t.test('its proposals only move towards the other, and it ends within as many as it has', async () => {
  fc.assert(fc.property(strategies, fc.array(price, { minLength: 12, maxLength: 12 }), (strategy, offers) => {
    let proposed = 0
    let before = priceOf(strategy, 0)
    for (const offered of offers) {
      const decision = decide(strategy, { side: strategy.side, price: offered, amount: 1, proposed })
      if (decision.response !== 'counter') return proposed <= strategy.proposals
      if (strategy.side === 'sell' ? decision.price > before : decision.price < before) return false
      before = decision.price
      proposed++
    }
    return false
  }))
})

t.test('two strategies come to an end with each other, within both their limits', async () => {
  fc.assert(fc.property(strategies, strategies, (one, other) => {
    const [seller, buyer] = [turned({ ...one, amounts: [10] }, 'sell'), turned({ ...other, amounts: [10] }, 'buy')]
    const proposed = new Map([[seller, 1], [buyer, 0]])
    let onTable = priceOf(seller, 0)
    for (let turn: Strategy = buyer, moves = 0; moves < 25; moves++, turn = turn === buyer ? seller : buyer) {
      const decision = decide(turn, { side: turn.side, price: onTable, amount: 10, proposed: proposed.get(turn)! })
      if (decision.response === 'accept') return !isBeyond(seller, onTable) && !isBeyond(buyer, onTable)
      if (decision.response === 'reject') return true
      onTable = decision.price
      proposed.set(turn, proposed.get(turn)! + 1)
    }
    return false
  }))
})

t.test('prices go over the wire without a loss', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100_000_000_000 }), units => toUnits(JSON.parse(JSON.stringify(toPrice(units))) as number) === units))
})

t.test('everybody in the cast opens with terms that a server takes, in favour of themselves', async t => {
  const now = Date.now()
  for (const { name, strategy } of cast) {
    t.ok(!isBeyond(strategy, strategy.opening), name)
    for (const random of [0, 0.5, 0.999]) {
      const { startTime, endTime, expiresAt, pricePerUnit, totalAmount } = openingTerms(strategy, now, () => random)
      t.ok(now < Date.parse(expiresAt!) && Date.parse(expiresAt!) <= Date.parse(startTime) && Date.parse(startTime) < Date.parse(endTime!), `${name}: the times`)
      t.equal(pricePerUnit, strategy.opening / 100_000)
      t.ok(totalAmount <= strategy.amounts.at(-1)!)
      t.ok(strategy.hours.includes(new Date(startTime).getHours()))
    }
  }
})
