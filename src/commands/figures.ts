import { loadConfig, readEnvironment } from '../config/environment.js'
import { observeCalls } from '../database/calls.js'
import { createEntities } from '../database/entities/index.js'
import { createCounting } from '../services/analytics/counting/counting.js'
import { generationKey, Generations } from '../services/analytics/generations.js'
import { rebuild, type RebuildProgress } from '../services/analytics/rebuild.js'
import { Throttle } from '../shared/throttle.js'
import { withTable } from './database.js'
import { UsageError } from './run.js'

/** How often it is said how far it has come, in ms. */
const interval = 5000

/**
 * Counts everything anew, and says on the standard error how far it has come.
 * @returns what came of it
 * @throws UsageError, PlainError
 */
export async function rebuildFigures ({ unitsPerSecond }: { unitsPerSecond: number }): Promise<string> {
  const config = loadConfig(readEnvironment())
  // Without servers that count, what is made from now on would be missing.
  if (config.ANALYTICS === 'off') throw new UsageError('ANALYTICS is off here: set it, and MARKET_GRANULARITY, as the servers have them')
  return await withTable(config, async place => {
    const units = { read: 0, write: 0 }
    observeCalls(place.client, ({ units: { read, write } }) => {
      units.read += read
      units.write += write
    })
    const throttle = new Throttle(unitsPerSecond)
    let paid = 0
    const tell = teller()
    const { direct } = createEntities(place)
    const generations = new Generations(direct)
    const counting = createCounting({ direct, generations, granularity: config.MARKET_GRANULARITY })
    const { generation, conversations, removed } = await rebuild({ ...place, direct, generations, counting }, async progress => {
      tell(progress)
      const due = units.read + units.write - paid
      paid += due
      await throttle.spend(due)
    })
    return `Generation ${generation} is shown: ${conversations} conversations are counted, ${removed} items of former generations removed. ` +
      `That took ${Math.ceil(units.read)} RCU and ${Math.ceil(units.write)} WCU\n`
  })
}

/** Which generation is shown, and whether one is being built. */
export async function showGenerations (): Promise<string> {
  return await withTable(loadConfig(readEnvironment()), async place => {
    const item = await createEntities(place).direct.statsGeneration.get(generationKey, { consistent: true })
    if (item === undefined) return 'Nothing is counted yet\n'
    const { current, building } = item
    const built = building === undefined ? '' : `, and generation ${building} is being built: if nobody is at it any more, rebuild again, for until then everything is counted twice`
    return `Generation ${current} is shown${built}\n`
  })
}

const words: Record<RebuildProgress['stage'], (progress: Readonly<RebuildProgress>) => string> = {
  begun: () => 'waiting until every server counts into it as well',
  counting: ({ conversations }) => `counting: ${conversations} conversations so far`,
  shown: () => 'it is shown; waiting until no server counts into the former one any more',
  removing: ({ removed }) => `removing what was before: ${removed} items so far`
}

/** Says how far it has come when a stage begins, and now and then. */
function teller () {
  let [stage, at] = ['', 0]
  return (progress: Readonly<RebuildProgress>) => {
    if (progress.stage === stage && performance.now() - at < interval) return
    stage = progress.stage
    at = performance.now()
    process.stderr.write(`Generation ${progress.generation}: ${words[progress.stage](progress)}\n`)
  }
}
