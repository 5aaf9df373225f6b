import { Counter, type Registry } from 'prom-client'
import type { MessageItem } from '../../database/entities/message.js'
import type { Append } from '../../services/messaging/append.js'

const types: ReadonlyArray<MessageItem['messageType']> = ['text', 'tradeOffer', 'tradeResponse']
const actions: ReadonlyArray<NonNullable<MessageItem['action']>> = ['offer', 'counter', 'accept', 'reject', 'withdraw', 'expire']

/** Counts what gets into conversations: every message and every move does so once, here. */
export function measureMessages (registry: Registry, append: Append): Append {
  const registers = [registry]
  const messages = new Counter({
    name: 'equilux_messages_accepted_total', help: 'Messages accepted, without replays', labelNames: ['type'], registers
  })
  const moves = new Counter({
    name: 'equilux_trade_moves_total', help: 'Moves in negotiations, openings and expiries among them', labelNames: ['action'], registers
  })
  for (const type of types) messages.inc({ type }, 0)
  for (const action of actions) moves.inc({ action }, 0)

  return async addition => {
    const appended = await append(addition)
    const { message: { messageType, action }, replayed } = appended
    if (!replayed) {
      messages.inc({ type: messageType })
      if (action !== undefined) moves.inc({ action })
    }
    return appended
  }
}
