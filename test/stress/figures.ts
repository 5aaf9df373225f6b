import type { Analytics } from '../../schemas/analytics.js'
import { tradedAmount, type Sender } from './sender.js'
import type { World } from './world.js'

/** What the figures of all users come to, where that isn't what was agreed: nothing if it is. Each negotiation counts once for each of its two parties. */
export async function miscounted (world: World, users: readonly string[], { ended: { accept, reject } }: Sender): Promise<string[]> {
  const sums = { opened: 0, accepted: 0, rejected: 0, sold: 0, bought: 0 }
  await Promise.all(users.map(async user => {
    const response = await fetch(`${world.urls[0]}/api/analytics/me`, { headers: { authorization: `Bearer ${world.token(user)}` } })
    if (!response.ok) throw new Error(await response.text())
    const { totals: { opened, accepted, rejected, sold, bought } } = await response.json() as Analytics
    // In so few binary fractions nothing is rounded.
    const counted = { opened, accepted, rejected, sold: Number(sold.amount), bought: Number(bought.amount) }
    for (const name of Object.keys(sums) as Array<keyof typeof sums>) sums[name] += counted[name]
  }))
  const amount = accept * tradedAmount
  const expected = { opened: 2 * (accept + reject), accepted: 2 * accept, rejected: 2 * reject, sold: amount, bought: amount }
  return Object.entries(expected).filter(([name, count]) => sums[name as keyof typeof sums] !== count)
    .map(([name, count]) => `${name}: ${count} to be counted, ${sums[name as keyof typeof sums]} counted`)
}
