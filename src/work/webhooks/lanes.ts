import type { Direct } from '../../database/direct/index.js'
import type { Write } from '../../database/direct/direct-entity.js'
import type { EndpointKey } from '../../database/entities/endpoint.js'
import type { LaneItem, LaneKey } from '../../database/entities/lane.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { WorkItem } from '../../database/entities/work.js'
import { conditionFailure, databaseUnavailable, isTransactionConflict } from '../../database/faults.js'
import { endOf } from '../../services/webhooks/deliveries.js'
import { laneTimer } from '../../services/webhooks/delivery-timers.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'

/** What endpoints are still to be told, a lane for each conversation: what comes later waits for what came before. */
export interface Lanes {
  /**
   * Has an endpoint told of a message, after those before it; of one that it was told of already, or will be, nothing comes. Costs 1 RCU
   * and 4 WCU where nothing waits, else 1.
   * @throws ProblemError database_unavailable
   */
  add: (endpoint: EndpointKey, message: Pick<MessageItem, 'conversationId' | 'seq'>) => Promise<void>
  /** The lane, if there is something to be told. */
  read: (key: LaneKey) => Promise<LaneItem | undefined>
  /** Notes how far its handler has come. @returns the lane as it is with that */
  advance: (key: LaneKey, next: number) => Promise<LaneItem>
  /** Writes how far its handler has come. */
  progress: (key: LaneKey, next: number) => Write
  /** Ends it, on condition that nothing came meanwhile. */
  end: (lane: LaneItem) => Write
  /** Removes it. */
  remove: (key: LaneKey) => Write
}

/** @param options.wake has a timer handled here in time */
export function createLanes ({ direct, clock, wake }: { direct: Direct, clock: Clock, wake: (item: WorkItem) => void }): Lanes {
  const { lane } = direct
  const ttl = () => endOf(clock.now())

  async function raise (known: LaneItem, seq: number): Promise<boolean> {
    try {
      await direct.write(lane.update(known, { upTo: seq, ttl: ttl() }, { equal: { busy: true, upTo: known.upTo } }))
      return true
    } catch (error) {
      if (conditionFailure(error) === undefined && !isTransactionConflict(error)) throw error
      return false
    }
  }

  async function begin (endpoint: EndpointKey, known: LaneItem | undefined, { conversationId, seq }: Pick<MessageItem, 'conversationId' | 'seq'>): Promise<boolean> {
    const item: LaneItem = { endpointId: endpoint.endpointId, conversationId, next: seq, upTo: seq, busy: true, ttl: ttl() }
    const timer = laneTimer(endpoint, conversationId, clock.now())
    const refusals = await direct.transact([
      known === undefined ? lane.put(item, { absent: true }) : lane.put(item, { equal: { busy: false, upTo: known.upTo } }), direct.work.put(timer)
    ])
    if (refusals !== undefined) return false
    wake(timer)
    return true
  }

  return {
    async add (endpoint, message) {
      const key = { endpointId: endpoint.endpointId, conversationId: message.conversationId }
      for await (const _ of attempts()) {
        const known = await lane.get(key, { consistent: true })
        if (known !== undefined && message.seq <= known.upTo) return
        if (await (known?.busy ? raise(known, message.seq) : begin(endpoint, known, message))) return
      }
      throw databaseUnavailable()
    },

    async read (key) {
      const found = await lane.get(key, { consistent: true })
      return found?.busy ? found : undefined
    },

    advance: async (key, next) => await lane.change(key, { next, ttl: ttl() }, { equal: { busy: true } }),
    progress: (key, next) => lane.update(key, { next, ttl: ttl() }, { equal: { busy: true } }),
    end: ({ endpointId, conversationId, upTo }) =>
      lane.update({ endpointId, conversationId }, { busy: false, ttl: ttl() }, { equal: { busy: true, upTo } }),
    remove: key => lane.remove(key)
  }
}
