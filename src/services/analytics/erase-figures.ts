import type { Direct } from '../../database/direct/index.js'
import type { Spend } from '../account/eraser.js'
import { generationKey } from './generations.js'

/**
 * Removes a user's figures, of every generation; what others have of the user stays. Costs 1 RCU for each generation that there ever was, 1 for every 4 KB of
 * figures, and 1 WCU for each item. Whoever goes on after a crash finds what is left.
 * @param isOver whether to stop before the end
 * @returns whether nothing is left
 */
export type EraseFigures = (userId: string, spend: Spend, isOver: () => boolean) => Promise<boolean>

/** How many items are removed at once. */
const batch = 25

/** Above every currency and month, so that a key with it comes after all of them. */
const lastKey = '~'

export function createEraseFigures (direct: Direct): EraseFigures {
  const kinds = (generation: number, userId: string) => [
    async () => {
      const key = { generation, userId, start: 0, side: 'sell' as const }
      const { items } = await direct.userSlot.between({ ...key, currency: '' }, { ...key, currency: lastKey }, { limit: batch, order: 'asc' })
      return items.map(item => direct.userSlot.remove(item))
    },
    async () => {
      const key = { generation, userId, currency: '', otherId: '', side: 'sell' as const }
      const { items } = await direct.counterparty.between({ ...key, month: '' }, { ...key, month: lastKey }, { limit: batch, order: 'asc' })
      return items.map(item => direct.counterparty.remove(item))
    }
  ]

  return async (userId, spend, isOver) => {
    const found = await direct.statsGeneration.get(generationKey, { consistent: true })
    const last = Math.max(found?.current ?? 0, found?.building ?? 0)
    for (let generation = 1; generation <= last; generation++) {
      for (const read of kinds(generation, userId)) {
        for (;;) {
          if (isOver()) return false
          const removals = await read()
          await spend(1 + removals.length)
          if (removals.length === 0) break
          await Promise.all(removals.map(async removal => await direct.write(removal)))
        }
      }
    }
    return true
  }
}
