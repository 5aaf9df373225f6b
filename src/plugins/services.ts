import fp from 'fastify-plugin'
import type { ConversationItem } from '../entities/conversation.js'
import { measureMessages } from '../metrics/messages.js'
import { createAppend } from '../services/append.js'
import { createCatchUp, type CatchUp } from '../services/catch-up.js'
import { createConversations, type Conversations } from '../services/conversations.js'
import { createCursors, type Cursors } from '../services/cursor.js'
import { createMessages, type Messages } from '../services/messages.js'
import { createPageTokens } from '../services/page-tokens.js'
import { announcePresence } from '../services/presence.js'
import { createReadPositions, type ReadPositions } from '../services/read-positions.js'
import { SerialQueue } from '../services/serial-queue.js'
import { createSync, type Sync } from '../services/sync.js'
import { createListTrades, type ListTrades } from '../services/trade-list.js'
import { createTrades, type Trades } from '../services/trades.js'
import { createUsers, type Users } from '../services/users.js'

declare module 'fastify' {
  interface FastifyInstance {
    services: {
      catchUp: CatchUp
      conversations: Conversations
      cursors: Cursors
      messages: Messages
      readPositions: ReadPositions
      sync: Sync
      trades: Trades
      listTrades: ListTrades
      users: Users
    }
  }
}

/** The rules, on top of the entities and the hub. */
export default fp(async app => {
  const { backPlane, entities, hub } = app
  const { publish } = hub
  const pageTokens = createPageTokens(app.config.CURSOR_SECRET)
  const append = measureMessages(app.metrics, createAppend({ entities, queue: new SerialQueue<ConversationItem>() }))
  const users = createUsers({ entities, online: userIds => backPlane.online(userIds), pageTokens })
  const conversations = createConversations({ entities, users, pageTokens })
  const trades = createTrades({ entities, append, publish, currency: app.config.DEFAULT_CURRENCY })
  const catchUp = createCatchUp({ entities, trades })
  const cursors = createCursors(pageTokens)
  const sync = createSync({ catchUp, cursors })
  const listTrades = createListTrades({ entities, trades, pageTokens })
  const messages = createMessages({ entities, append, publish, pageTokens, trades })
  const readPositions = createReadPositions({ entities, publish })
  app.decorate('services', { catchUp, conversations, cursors, messages, readPositions, sync, trades, listTrades, users })
  const presenceAnnounced = announcePresence({ hub, backPlane, conversations, users, log: app.log })
  app.addHook('onClose', async () => { await presenceAnnounced() })
}, { name: 'services', dependencies: ['config', 'metrics', 'dynamodb', 'hub'] })
