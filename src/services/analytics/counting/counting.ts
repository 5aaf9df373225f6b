import type { MarketGranularity } from '../../../../schemas/market.js'
import type { Write } from '../../../database/direct/direct-entity.js'
import type { Direct } from '../../../database/direct/index.js'
import type { ConversationItem } from '../../../database/entities/conversation.js'
import { attempts } from '../../../shared/backoff.js'
import { erasedTo } from '../../account/eraser.js'
import type { Generations } from '../generations.js'
import { addMove, itemsOfMove } from './add-move.js'
import { Additions } from './additions.js'
import { readMoves, type CountedMove } from './moves.js'

/** How many writes a transaction may have. */
const maxWrites = 100

/** Counts moves, each once in each generation, however often it is told. */
export interface Counting {
  /**
   * Counts a move; those before it in the conversation have been told. Costs 1 RCU, and at most 18 WCU for an agreement, 8 for others. The same again, and
   * what it takes to read the log, while a generation is being built.
   * @throws what the database throws, and where it was in others' way for too long
   */
  count: (move: CountedMove) => Promise<void>
  /**
   * Counts into a generation what isn't counted there of a conversation, from its log.
   * @param seq up to which message
   */
  countUpTo: (generation: number, conversationId: string, seq: number) => Promise<void>
}

export function createCounting ({ direct, generations, granularity }: { direct: Direct, generations: Generations, granularity: MarketGranularity }): Counting {
  const readHead = async (conversationId: string) => await direct.conversation.get({ conversationId }, { consistent: true })
  const readPosition = async (generation: number, conversationId: string) =>
    (await direct.statsPosition.get({ generation, conversationId }, { consistent: true }))?.upTo ?? 0

  /** @returns whether it was counted: not where the position's condition doesn't hold */
  async function commit (onPosition: Write, additions: Additions): Promise<boolean> {
    let codes = ''
    for await (const _ of attempts()) {
      const refusals = await direct.transact([onPosition, ...additions.writes(direct)])
      if (refusals === undefined) return true
      if (refusals[0]?.code === 'ConditionalCheckFailed') return false
      // Others count into the same items of the market.
      codes = refusals.map(({ code }) => code).join(', ')
    }
    throw new Error(`What is counted was refused: ${codes}`)
  }

  /** What counts into a generation. @param head of the conversation: nobody has figures of what was erased */
  async function adder (generation: number, head: ConversationItem | undefined) {
    const { salt } = await generations.counted()
    return (additions: Additions, move: CountedMove) => {
      const isErased = (userId: string) => head !== undefined && move.seq <= erasedTo(head, userId)
      addMove(additions, move, { generation, salt, granularity, isErased })
    }
  }

  /** @returns the position after them: up to the last of them, or where somebody else counted at the same time */
  async function countAll (generation: number, conversationId: string, position: number, moves: readonly CountedMove[]): Promise<number> {
    const add = await adder(generation, await readHead(conversationId))
    let upTo = position
    for (let next = 0; next < moves.length;) {
      const additions = new Additions()
      let last = upTo
      for (; next < moves.length && additions.size + itemsOfMove < maxWrites; next++) {
        const move = moves[next]!
        add(additions, move)
        last = move.seq
      }
      const onPosition = direct.statsPosition.put({ generation, conversationId, upTo: last }, upTo === 0 ? { absent: true } : { equal: { upTo } })
      if (!await commit(onPosition, additions)) return await readPosition(generation, conversationId)
      upTo = last
    }
    return upTo
  }

  async function countUpTo (generation: number, conversationId: string, seq: number): Promise<void> {
    let position = await readPosition(generation, conversationId)
    for (let from = position + 1; from <= seq;) {
      const { moves, upTo } = await readMoves(direct, conversationId, { from, to: seq })
      const last = moves.at(-1)?.seq
      if (last !== undefined) position = await countAll(generation, conversationId, position, moves)
      from = last === undefined || position === last ? upTo + 1 : position + 1
    }
  }

  return {
    async count (move) {
      const { conversationId, seq } = move
      const { current, building } = await generations.counted()
      const additions = new Additions()
      const add = await adder(current, await readHead(conversationId))
      add(additions, move)
      await commit(direct.statsPosition.put({ generation: current, conversationId, upTo: seq }, { absentOrBelow: { upTo: seq } }), additions)
      if (building !== undefined) await countUpTo(building, conversationId, seq)
    },

    countUpTo
  }
}
