import { randomBytes } from 'node:crypto'
import type { Direct } from '../../database/direct/index.js'
import type { StatsGenerationItem } from '../../database/entities/analytics/generation.js'
import { conditionFailure } from '../../database/faults.js'

/** How long it is remembered which generation of figures is the current one and which is being built, in ms. */
export const rememberedFor = 5000

/** What names the one item. */
export const generationKey = { name: 'stats' }

/** The current generation of figures, where nothing says which one it is. */
const firstGeneration = 1

/** Which generation of figures there is, as it was a few seconds ago. */
export class Generations {
  #known: { item: StatsGenerationItem | undefined, at: number } | undefined
  #reading: Promise<StatsGenerationItem | undefined> | undefined

  /** @param maxAge how old what is known may be, in ms */
  constructor (private readonly direct: Direct, private readonly maxAge = rememberedFor) {}

  /** The generation that is shown. Costs 1 RCU where it isn't remembered. */
  async current (): Promise<number> {
    return (await this.#get())?.current ?? firstGeneration
  }

  /** What is counted into, and the salt. It comes to be with the first move that is counted: 1 WCU. */
  async counted (): Promise<StatsGenerationItem> {
    return await this.#get() ?? await this.#begin()
  }

  async #get (): Promise<StatsGenerationItem | undefined> {
    const known = this.#known
    if (known !== undefined && performance.now() - known.at < this.maxAge) return known.item
    this.#reading ??= this.#read().finally(() => { this.#reading = undefined })
    return await this.#reading
  }

  async #read (): Promise<StatsGenerationItem | undefined> {
    // What is read may be as old as the question.
    const at = performance.now()
    const item = await this.direct.statsGeneration.get(generationKey, { consistent: true })
    this.#known = { item, at }
    return item
  }

  async #begin (): Promise<StatsGenerationItem> {
    const item = { ...generationKey, current: firstGeneration, salt: randomBytes(32).toString('base64') }
    try {
      await this.direct.write(this.direct.statsGeneration.put(item, { absent: true }))
    } catch (error) {
      if (conditionFailure(error) === undefined) throw error
    }
    // Somebody else may have begun it at the same time, with another salt.
    const begun = await this.#read()
    if (begun === undefined) throw new Error('The generation of figures is not there')
    return begun
  }
}
