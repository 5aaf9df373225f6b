import { createClient } from 'equilux-chat-client'
import type { Member, Regular } from './cast.js'
import { headStart, type Trader } from './head-start.js'
import { Prosumer } from './prosumer.js'

/** How many people are approached while the program runs. */
const mostPeople = 30
/** How many pages of users are looked through for newcomers. */
const mostPages = 5
/** How many offers they make to each other while the program runs. */
const mostAmongThem = 500
/** After how long an offer that nobody answers is taken back, in ms. */
const patience = 15 * 60_000

export interface CompanyOptions {
  baseUrl: string
  cast: readonly Member[]
  /** Who has traded with all of them before they begin. */
  regular?: Regular
  /** How fast everything goes: 1 as it would among people, 0 without any waiting. */
  pace?: number
  random?: () => number
  onError: (error: unknown) => void
}

interface SignedIn { token: string, userId: string }

/**
 * A company of prosumers that come up to whoever signs in, and trade with each other now and then.
 * @returns what ends it
 */
export async function startCompany ({ baseUrl, cast, regular, pace = 1, random = Math.random, onError }: CompanyOptions): Promise<() => void> {
  async function signIn (name: string): Promise<SignedIn> {
    const response = await fetch(`${baseUrl}/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) })
    if (!response.ok) throw new Error(`${name} can't sign in: ${response.status}`)
    return await response.json() as SignedIn
  }

  const tokenOf = (name: string) => async () => (await signIn(name)).token
  const ids = new Map(await Promise.all(cast.map(async ({ name }) => [name, (await signIn(name)).userId] as const)))
  if (regular !== undefined) {
    const trader = (name: string, userId: string, strategies: Trader['strategies']): Trader =>
      ({ userId, strategies, api: createClient({ baseUrl, token: tokenOf(name) }) })
    const others = cast.map(({ name, strategy }) => trader(name, ids.get(name)!, [strategy]))
    await headStart(trader(regular.name, (await signIn(regular.name)).userId, [regular.sells, regular.buys]), others, random).catch(onError)
  }
  const programs = new Set(ids.values())
  const isProgram = (userId: string) => programs.has(userId)
  const prosumers = cast.map(member => new Prosumer(member, {
    baseUrl, userId: ids.get(member.name)!, token: tokenOf(member.name), isProgram, pace, random, onError
  }))
  await Promise.all(prosumers.map(prosumer => prosumer.start()))

  const [host] = cast
  const api = createClient({ baseUrl, token: tokenOf(host!.name) })
  const met = new Set<string>()
  let amongThem = 0

  async function lookForPeople () {
    let pageToken: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const { data, error } = await api.GET('/api/messages/users', { params: { query: { limit: 100, pageToken } } })
      if (error !== undefined) return onError(error)
      const newcomers = data.users.map(({ userId }) => userId).filter(userId => !isProgram(userId) && !met.has(userId))
      for (const userId of newcomers.slice(0, mostPeople - met.size)) {
        met.add(userId)
        // One after the other, lest somebody be overrun.
        prosumers.forEach((prosumer, n) => { after(n * 12_000 * pace, () => prosumer.approach(userId)) })
      }
      if (data.nextPageToken === null) return
      pageToken = data.nextPageToken
    }
  }

  function tradeAmongThem () {
    const one = pick(prosumers)
    const others = prosumers.filter(({ member }) => member.strategy.side !== one.member.strategy.side)
    if (amongThem++ < mostAmongThem && others.length > 0) one.offer(pick(others).userId)
    one.tidy(patience)
  }

  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]!
  const timers = new Set<NodeJS.Timeout>()
  function after (time: number, act: () => void) {
    const timer = setTimeout(() => { timers.delete(timer); act() }, time)
    timers.add(timer)
  }

  timers.add(setInterval(() => { lookForPeople().catch(onError) }, 2000))
  timers.add(setInterval(tradeAmongThem, 25_000))
  return () => {
    for (const timer of timers) clearTimeout(timer)
    for (const prosumer of prosumers) prosumer.close()
  }
}
