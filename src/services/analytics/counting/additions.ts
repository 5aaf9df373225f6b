import type { Direct } from '../../../database/direct/index.js'
import type { Write } from '../../../database/direct/direct-entity.js'

/** What figures are held by. */
type Holder = 'userSlot' | 'counterparty' | 'marketCell' | 'marketDay'
type Key<Name extends Holder> = Parameters<Direct[Name]['add']>[0]
type Amounts<Name extends Holder> = Parameters<Direct[Name]['add']>[1]
type Amount = number | ReadonlySet<number> | undefined

/** What is to be added to items; what is added to one of them several times is added up. */
export class Additions {
  readonly #items = new Map<string, { name: Holder, key: object, amounts: Map<string, number | ReadonlySet<number>> }>()

  /** To how many items. */
  get size (): number {
    return this.#items.size
  }

  add <Name extends Holder>(name: Name, key: Key<Name>, added: Amounts<Name>): void {
    const place = JSON.stringify([name, ...Object.values(key)])
    const { amounts } = this.#items.get(place) ?? { amounts: new Map<string, number | ReadonlySet<number>>() }
    this.#items.set(place, { name, key, amounts })
    for (const [measure, amount] of Object.entries(added as Record<string, Amount>)) {
      if (amount !== undefined) amounts.set(measure, sum(amounts.get(measure), amount))
    }
  }

  /** The writes that add it all. */
  writes (direct: Direct): Write[] {
    return [...this.#items.values()].map(({ name, key, amounts }) => {
      const added = [...amounts].filter(([, amount]) => amount !== 0)
      return (direct[name] as unknown as { add: (key: object, amounts: object) => Write }).add(key, Object.fromEntries(added))
    })
  }
}

function sum (before: Amount, amount: number | ReadonlySet<number>): number | ReadonlySet<number> {
  if (typeof amount !== 'number') return new Set([...before as ReadonlySet<number> | undefined ?? [], ...amount])
  return (before as number | undefined ?? 0) + amount
}
