import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { maxRevisions } from '../../../schemas/trade-offer.js'
import {
  decide, isDue, standing, type Intent, type Move, type Negotiation, type Party, type Refusal, type Standing, type Terms
} from '../../../src/services/trading/negotiation.js'

const expiry = 10_000
const terms: Terms = { price: 27_000, currency: 'EUR', amount: 12_500, startAt: 20_000, expiresAt: expiry }
const otherTerms: Terms = { ...terms, price: 25_000 }
const actions = ['accept', 'reject', 'counter', 'withdraw'] as const
const parties = ['sender', 'receiver'] as const

const propose = (action: 'offer' | 'counter', by: Party): Move => ({ action, by, at: 1, terms })
const offer = propose('offer', 'sender')
const counter = propose('counter', 'receiver')
const counterBack = propose('counter', 'sender')

const situations: Record<string, { moves: Negotiation, standing: Omit<Standing, 'proposal'> }> = {
  'a new offer': {
    moves: [offer], standing: { status: 'pending', revision: 1, awaiting: 'receiver' }
  },
  'a countered offer': {
    moves: [offer, counter], standing: { status: 'countered', revision: 2, awaiting: 'sender' }
  },
  'an offer countered twice': {
    moves: [offer, counter, counterBack], standing: { status: 'countered', revision: 3, awaiting: 'receiver' }
  },
  'an accepted offer': {
    moves: [offer, { action: 'accept', by: 'receiver', at: 2 }], standing: { status: 'accepted', revision: 1, awaiting: 'nobody' }
  },
  'an accepted counter': {
    moves: [offer, counter, { action: 'accept', by: 'sender', at: 2 }], standing: { status: 'accepted', revision: 2, awaiting: 'nobody' }
  },
  'a rejected offer': {
    moves: [offer, { action: 'reject', by: 'receiver', at: 2 }], standing: { status: 'rejected', revision: 1, awaiting: 'nobody' }
  },
  'a withdrawn offer': {
    moves: [offer, { action: 'withdraw', by: 'sender', at: 2 }], standing: { status: 'withdrawn', revision: 1, awaiting: 'nobody' }
  },
  'a withdrawn counter': {
    moves: [offer, counter, { action: 'withdraw', by: 'receiver', at: 2 }], standing: { status: 'withdrawn', revision: 2, awaiting: 'nobody' }
  },
  'an expired offer': {
    moves: [offer, { action: 'expire', by: 'time', at: expiry }], standing: { status: 'expired', revision: 1, awaiting: 'nobody' }
  }
}

/** What comes of the right revision in time, by whose terms are on the table, and who does what. */
const outcomes: Record<Party, Record<Party, Record<typeof actions[number], string>>> = {
  sender: {
    sender: { accept: 'out_of_turn', reject: 'out_of_turn', counter: 'out_of_turn', withdraw: 'withdrawn' },
    receiver: { accept: 'accepted', reject: 'rejected', counter: 'countered', withdraw: 'out_of_turn' }
  },
  receiver: {
    sender: { accept: 'accepted', reject: 'rejected', counter: 'countered', withdraw: 'out_of_turn' },
    receiver: { accept: 'out_of_turn', reject: 'out_of_turn', counter: 'out_of_turn', withdraw: 'withdrawn' }
  }
}

/** Whose terms are on the table of the open ones. */
const proposers: Record<string, Party> = {
  'a new offer': 'sender', 'a countered offer': 'receiver', 'an offer countered twice': 'sender'
}

function intent (action: typeof actions[number], revision: number): Intent {
  return action === 'counter' ? { action, revision, terms: otherTerms } : { action, revision }
}

/** The status after a move, or why there is none. */
function outcome (moves: Negotiation, ...rest: [Intent, Party, number]): string {
  const decision = decide(moves, ...rest)
  if ('expired' in decision) return 'run out'
  return 'refusal' in decision ? decision.refusal : standing([...moves, decision.move]).status
}

for (const [name, { moves, standing: expected }] of Object.entries(situations)) {
  t.test(`${name} is ${expected.status} and awaits ${expected.awaiting}`, async t => {
    const { proposal, ...found } = standing(moves)
    t.strictSame(found, expected)
    t.equal(proposal, moves.filter(move => 'terms' in move).at(-1))
    for (const [now, due] of [[expiry - 1, false], [expiry, true], [expiry + 1, true]] as const) {
      const isOpen = expected.awaiting !== 'nobody'
      t.equal(isDue(standing(moves), now), due && isOpen, `at ${now}`)
    }
  })

  t.test(`${name}: every move of either party, on any revision, at any time`, async t => {
    const proposer = proposers[name]
    for (const who of parties) {
      for (const action of actions) {
        for (const revision of [1, 2, 3, 4, 50]) {
          for (const now of [expiry - 1, expiry, expiry + 1, 2 * expiry]) {
            let expectation = 'closed'
            if (proposer !== undefined) {
              const inTime = revision === expected.revision ? outcomes[proposer][who][action] : 'stale_revision'
              expectation = now < expiry ? inTime : 'run out'
            }
            t.equal(outcome(moves, intent(action, revision), who, now), expectation, `${who} ${action} ${revision} at ${now}`)
          }
        }
      }
    }
  })
}

t.test('a move says who made it, when, and the terms that it proposes', async t => {
  t.strictSame(decide([offer], intent('accept', 1), 'receiver', 5), { move: { action: 'accept', by: 'receiver', at: 5 } })
  t.strictSame(decide([offer], intent('counter', 1), 'receiver', 5), {
    move: { action: 'counter', by: 'receiver', at: 5, terms: otherTerms }
  })
})

t.test('a counter has an expiry of its own', async t => {
  const extended: Negotiation = [offer, { action: 'counter', by: 'receiver', at: 2, terms: { ...terms, expiresAt: 2 * expiry } }]
  t.equal(outcome(extended, intent('accept', 2), 'sender', expiry), 'accepted')
  t.equal(outcome(extended, intent('accept', 2), 'sender', 2 * expiry), 'run out')
})

t.test('the terms can be proposed 50 times and not 51 times', async t => {
  const moves: [Move, ...Move[]] = [offer]
  for (let revision = 1; revision < 50; revision++) {
    const decision = decide(moves, intent('counter', revision), revision % 2 === 1 ? 'receiver' : 'sender', 2)
    t.ok('move' in decision, `counter ${revision}`)
    if ('move' in decision) moves.push(decision.move)
  }
  t.equal(standing(moves).revision, 50)
  t.equal(outcome(moves, intent('counter', 50), 'sender', 2), 'too_many_revisions')
  t.equal(outcome(moves, intent('counter', 50), 'receiver', 2), 'out_of_turn', 'the turn comes first')
  t.equal(outcome(moves, intent('counter', 49), 'sender', 2), 'stale_revision', 'and the revision before it')
  for (const [action, who] of [['accept', 'sender'], ['reject', 'sender'], ['withdraw', 'receiver']] as const) {
    t.not(outcome(moves, intent(action, 50), who, 2), 'too_many_revisions', action)
  }
})

t.test('a negotiation without an offer is a mistake of the caller', async t => {
  t.throws(() => standing([{ action: 'accept', by: 'sender', at: 1 }]), TypeError)
})

t.test('any sequence of moves keeps the rules', async () => {
  const attempt = fc.record({
    who: fc.constantFrom(...parties),
    action: fc.constantFrom(...actions, 'counter', 'counter', 'counter'),
    revision: fc.constantFrom(-1, 0, 0, 0, 0, 0, 0, 0, 1),
    pause: fc.constantFrom(0, 0, 0, 1, 5),
    patience: fc.integer({ min: 1, max: 200 }),
    inTurn: fc.constantFrom(true, true, true, false)
  })
  let longest = 0
  fc.assert(fc.property(fc.array(attempt, { minLength: 1, maxLength: 150, size: 'max' }), attempts => {
    let now = 1
    let moves: Negotiation = [{ action: 'offer', by: 'sender', at: now, terms: { ...terms, expiresAt: now + 500 } }]
    // The model: what the rules say, counted on its own.
    let proposals = 1
    let proposer: Party = 'sender'
    let expiresAt = now + 500
    let closed = false
    for (const { who, action, revision, pause, patience, inTurn } of attempts) {
      now += pause
      const other: Party = proposer === 'sender' ? 'receiver' : 'sender'
      const by: Party = inTurn ? (action === 'withdraw' ? proposer : other) : who
      const wish: Intent = action === 'counter'
        ? { action, revision: proposals + revision, terms: { ...terms, expiresAt: now + patience } }
        : { action, revision: proposals + revision }
      const before = structuredClone(moves)
      const decision = decide(moves, wish, by, now)
      assert.deepEqual(moves, before, 'moves are never rewritten')
      let refusal: Refusal | undefined
      const ranOut: boolean = !closed && now >= expiresAt
      if (closed) refusal = 'closed'
      else if (ranOut) refusal = undefined
      else if (revision !== 0) refusal = 'stale_revision'
      else if (by !== (action === 'withdraw' ? proposer : other)) refusal = 'out_of_turn'
      else if (action === 'counter' && proposals === 50) refusal = 'too_many_revisions'
      assert.equal('refusal' in decision ? decision.refusal : undefined, refusal)
      assert.equal('expired' in decision, ranOut)
      if ('move' in decision) {
        moves = [...moves, decision.move]
        if (wish.action === 'counter') {
          proposals++
          proposer = by
          expiresAt = wish.terms.expiresAt
        } else {
          closed = true
        }
      }
      const current = standing(moves)
      assert.equal(current.revision, proposals)
      assert.ok(current.revision <= maxRevisions)
      assert.equal(current.awaiting, closed ? 'nobody' : proposer === 'sender' ? 'receiver' : 'sender')
      assert.equal(current.proposal.by, proposer)
      assert.equal(['pending', 'countered'].includes(current.status), !closed, 'at most one revision is open')
      assert.equal(isDue(current, now), !closed && now >= expiresAt)
      longest = Math.max(longest, proposals)
    }
  }), { numRuns: 1000 })
  assert.ok(longest > 3, `the longest had ${longest} revisions`)
})
