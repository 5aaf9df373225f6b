import { Counter, type Registry } from 'prom-client'
import type { MessageItem } from '../../database/entities/message.js'
import type { HappeningListener } from '../../services/happenings.js'

const types: ReadonlyArray<MessageItem['messageType']> = ['text', 'tradeOffer', 'tradeResponse']
const actions: ReadonlyArray<NonNullable<MessageItem['action']>> = ['offer', 'counter', 'accept', 'reject', 'withdraw', 'expire']

/** Counts what gets into conversations: every message and every move once, replays not again. */
export function measureMessages (registry: Registry): HappeningListener {
  const registers = [registry]
  const messages = new Counter({
    name: 'equilux_messages_accepted_total', help: 'Messages accepted, without replays', labelNames: ['type'], registers
  })
  const moves = new Counter({
    name: 'equilux_trade_moves_total', help: 'Moves in negotiations, openings and expiries among them', labelNames: ['action'], registers
  })
  for (const type of types) messages.inc({ type }, 0)
  for (const action of actions) moves.inc({ action }, 0)

  return happening => {
    if (happening.type !== 'message' || happening.replayed) return
    const { messageType, action } = happening.message
    messages.inc({ type: messageType })
    if (action !== undefined) moves.inc({ action })
  }
}
