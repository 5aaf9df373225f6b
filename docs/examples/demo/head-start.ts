import { haggle, propose, respond, type Party } from './haggling.js'
import { priced, type Strategy } from './strategy.js'
import { openingTerms } from './terms.js'

const hour = 3_600_000
/** Over how many days deliveries are spread. */
const days = 7
/** How many negotiations two have. */
const [withRegular, amongThem] = [9, 2]
/** How long an offer stands that nobody is going to answer, in ms. */
const brief = 20_000
/** After how long somebody trades again when the program is started anew, in ms. */
const pause = 20 * hour

/** Somebody who trades on one or both sides. */
export interface Trader extends Omit<Party, 'strategy'> {
  strategies: readonly Strategy[]
}

/**
 * Some dozens of negotiations, made without thinking: among them all, and of each with somebody who trades with everybody. Some are withdrawn and some run
 * out. Nothing is done where that one has traded lately, so that a second start adds nothing on the same day.
 * @param random from 0 up to 1
 * @throws Error where the server refuses
 */
export async function headStart (regular: Trader, others: readonly Trader[], random: () => number): Promise<void> {
  const { data, error } = await regular.api.GET('/api/messages/trades', { params: { query: { limit: 1 } } })
  if (error !== undefined) throw new Error(error.detail, { cause: error })
  const [latest] = data.trades
  if (latest !== undefined && Date.parse(latest.createdAt) + pause > Date.now()) return

  const pairs = others.flatMap((one, n) => others.slice(n + 1).map(other => [one, other] as const))
  // A conversation takes one message after the other; those of others take theirs meanwhile.
  await Promise.all([
    ...others.map(async other => { await tradeOften(regular, other, withRegular) }),
    ...pairs.map(async ([one, other]) => { await tradeOften(one, other, amongThem) })
  ])

  async function tradeOften (one: Trader, other: Trader, times: number) {
    const sides = oppositeSides(one, other)
    if (sides === undefined) return
    await meet(one, other)
    for (let n = 0; n < times; n++) {
      const [mine, theirs] = sides.map(strategy => priced(strategy, 0.85 + 0.3 * random())) as [Strategy, Strategy]
      const [first, second]: [Party, Party] = [{ ...one, strategy: mine }, { ...other, strategy: theirs }]
      const [opener, receiver] = n % 2 === 0 ? [first, second] : [second, first]
      const now = Date.now()
      const terms = openingTerms(opener.strategy, now + Math.floor(random() * days) * 24 * hour, random)
      if (n === 5) await propose(opener, receiver, { ...terms, expiresAt: new Date(now + brief).toISOString() })
      else if (n === 6) await withdraw(opener, await propose(opener, receiver, terms))
      else await haggle(opener, receiver, terms)
    }
    await readAll(one, other)
  }
}

/** With what strategies two can trade with each other; undefined where both sell, or both buy. */
function oppositeSides (one: Trader, other: Trader): [Strategy, Strategy] | undefined {
  for (const mine of one.strategies) {
    for (const theirs of other.strategies) if (mine.side !== theirs.side) return [mine, theirs]
  }
  return undefined
}

/** Who has never answered may be made one offer only: so both say hello first. */
async function meet (one: Trader, other: Trader) {
  for (const [from, { userId }] of [[one, other], [other, one]] as const) {
    const params = { path: { userId } }
    const { data } = await from.api.GET('/api/messages/conversations/{userId}', { params })
    if (data?.contact === 'established') return
    const { error } = await from.api.POST('/api/messages/{userId}', { params, body: { text: 'Good day, neighbour!' } })
    if (error !== undefined) throw new Error(error.detail, { cause: error })
  }
}

/** Nothing of what was said between two is news to the one. */
async function readAll ({ api }: Trader, { userId }: Trader) {
  const params = { path: { userId } }
  const { data } = await api.GET('/api/messages/conversations/{userId}', { params })
  if (data !== undefined) await api.POST('/api/messages/conversations/{userId}/read', { params, body: { seq: data.seq } })
}

async function withdraw (opener: Party, offer: Awaited<ReturnType<typeof propose>>) {
  await respond(opener, offer, { response: 'withdraw', revision: offer.revision, text: 'I have found somebody else meanwhile.' })
}
