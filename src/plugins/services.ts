import fp from 'fastify-plugin'
import { toProblemError } from '../database/faults.js'
import type { MessageItem } from '../database/entities/message.js'
import { measureMessages } from '../observability/metrics/messages.js'
import { createTell, type HappeningListener, type Tell } from '../services/happenings.js'
import { conversationBusy, createAppend } from '../services/messaging/append.js'
import { createAttachments, type Attachments } from '../services/attachments/attachments.js'
import { encloseNothing } from '../services/attachments/enclose.js'
import { createEraseAttachments, type EraseAttachments } from '../services/attachments/erase.js'
import { createEraseFigures, type EraseFigures } from '../services/analytics/erase-figures.js'
import { createAccounts, type Accounts } from '../services/account/account.js'
import { createEraseReports, type EraseReports } from '../services/moderation/erase-reports.js'
import { createEraser, type Eraser } from '../services/account/eraser.js'
import { createErasures, type Erasures } from '../services/account/erasures.js'
import { createExport, type Export } from '../services/account/export.js'
import { createAcquaintance, type Acquaintance } from '../services/users/acquaintance.js'
import { BlockRelations } from '../services/contact/block-relations.js'
import { createBlocks, type Blocks } from '../services/contact/blocks.js'
import { createContactRules } from '../services/contact/contact-rules.js'
import { createMayWrite } from '../services/contact/may-write.js'
import { createMutes, type Mutes } from '../services/contact/mutes.js'
import { createCatchUp, type CatchUp } from '../services/catch-up/catch-up.js'
import { createChanges, type Changes } from '../services/catch-up/changes.js'
import { createConversations, type Conversations } from '../services/messaging/conversations.js'
import { createCursors, type Cursors } from '../services/catch-up/cursor.js'
import { createBeginList } from '../services/catch-up/list-cursors.js'
import { Heads } from '../services/messaging/heads.js'
import { createCorrespondence, type Correspondence } from '../services/integrations/correspondence.js'
import { createIntegrations, type Integrations } from '../services/integrations/integrations.js'
import { createKeyring, type Keyring } from '../services/integrations/keyring.js'
import { createSuspensions, type Suspensions } from '../services/moderation/suspensions.js'
import { createMessages, type Messages } from '../services/messaging/messages.js'
import { createSettlement } from '../services/messaging/settlement.js'
import { createPageTokens } from '../shared/page-tokens.js'
import { publishTo } from '../live/publisher.js'
import { createReadPositions, type ReadPositions } from '../services/messaging/read-positions.js'
import { SerialQueue } from '../shared/serial-queue.js'
import { RecentActivity } from '../services/catch-up/recent-activity.js'
import { createSync, type Sync } from '../services/catch-up/sync.js'
import { createOfferAt } from '../services/trading/offer-at.js'
import { createEndOffer } from '../services/trading/end-offer.js'
import { createExpiries } from '../services/trading/expiries.js'
import { createMakeMove } from '../services/trading/moves.js'
import { createOpenTrade } from '../services/trading/openings.js'
import { createRecordExpiry, type RecordExpiry } from '../services/trading/record-expiry.js'
import { createTradeList, type TradeList } from '../services/trading/trade-list.js'
import { createTrades, type Trades } from '../services/trading/trades.js'
import { createUsers, type Users } from '../services/users/users.js'
import { ProblemError } from '../wire/problem-error.js'

declare module 'fastify' {
  interface FastifyInstance {
    happenings: {
      tell: Tell
      /** Adds one who is told of everything that happens. */
      listen: (listener: HappeningListener) => void
    }
    services: {
      accounts: Accounts
      acquaintance: Acquaintance
      /** Undefined where nothing can be attached. */
      attachments: Attachments | undefined
      blocks: Blocks
      catchUp: CatchUp
      changes: Changes
      conversations: Conversations
      correspondence: Correspondence
      cursors: Cursors
      eraser: Eraser
      eraseAttachments: EraseAttachments
      eraseFigures: EraseFigures
      eraseReports: EraseReports
      erasures: Erasures
      exports: Export
      integrations: Integrations
      keyring: Keyring
      messages: Messages
      mutes: Mutes
      readPositions: ReadPositions
      recordExpiry: RecordExpiry
      suspensions: Suspensions
      sync: Sync
      trades: Trades
      tradeList: TradeList
      users: Users
    }
  }
}

/** The rules, on top of the entities and the hub. */
export default fp<{ answerWithin: number }>(async (app, { answerWithin }) => {
  const { attachmentMeters, backPlane, clock, entities, hub, storage } = app
  const relations = new BlockRelations(entities)
  const acquaintance = createAcquaintance({ entities, relations })
  const recent = new RecentActivity()
  const listeners = [acquaintance.listener, recent.listener, measureMessages(app.metrics), attachmentMeters.listener, publishTo(hub)]
  const tell = createTell(listeners, app.log)
  app.decorate('happenings', { tell, listen: listener => { listeners.push(listener) } })
  const pageTokens = createPageTokens(app.config.CURSOR_SECRET, () => new ProblemError('invalid_page_token'))
  // What remains is for a write that has begun.
  const patience = answerWithin * 0.75
  const queue = new SerialQueue({
    busy: conversationBusy,
    patience,
    // While the database is away, or others don't let go, that is so for the next one too.
    concernsAll: error => toProblemError(error).statusCode === 503
  })
  const offerAt = createOfferAt(entities)
  const settlement = createSettlement({
    read: async places => await entities.direct.message.getAll(places, { consistent: true }),
    found: async message => tell({ type: 'message', message, offer: await offerAt(message), replayed: false }),
    log: app.log
  })
  app.addHook('onClose', async () => settlement.close())
  const heads = new Heads()
  hub.on('elsewhere', (userId, place) => {
    heads.outrun(place.conversationId, place.seq)
    recent.note(userId, place)
    acquaintance.reconsider(place.conversationId)
  })
  const wanted = (message: MessageItem) => app.work.consumers.some(consumer => consumer.wants(message))
  const rules = createContactRules({ entities, mode: app.config.FIRST_CONTACT })
  const suspensions = createSuspensions({ direct: entities.direct, clock })
  const append = createAppend({ entities, suspensions, rules, heads, queue, patience, clock, tell, wanted, offerAt, settle: settlement.settle })
  const grace = app.config.ERASURE_GRACE_DAYS * 24 * 60 * 60 * 1000
  const erasures = createErasures({ entities, clock, grace, wake: timer => app.work.wake(timer) })
  const users = createUsers({ log: app.log, entities, erasures, online: userIds => backPlane.online(userIds), acquaintance, pageTokens })
  const cursors = createCursors(pageTokens)
  const beginList = createBeginList({ cursors, clock })
  const conversations = createConversations({ entities, users, acquaintance, pageTokens, beginList, clock })
  const blocks = createBlocks({ entities, relations, heads, users, pageTokens, clock, tell })
  const mutes = createMutes({ entities, heads, clock })
  const attachments = storage && createAttachments({
    direct: entities.direct,
    storage,
    inspections: {
      beforeBinding: async item => await app.inspections.beforeBinding(item),
      beforeDownload: async item => await app.inspections.beforeDownload(item)
    },
    announced: attachmentMeters.announced,
    mayWrite: createMayWrite({ direct: entities.direct, heads, rules, suspensions }),
    maxMebibytes: app.config.ATTACHMENT_MAX_MIB,
    clock
  })
  const openTrade = createOpenTrade({ append, currency: app.config.DEFAULT_CURRENCY })
  const makeMove = createMakeMove(append)
  const recordExpiry = createRecordExpiry({ entities, makeMove, log: app.log })
  const eraseAttachments = createEraseAttachments(entities.direct, storage)
  const eraser = createEraser({ entities, heads, eraseAttachments, endOffer: createEndOffer({ entities, makeMove, recordExpiry, clock }) })
  const expiries = createExpiries({ recordExpiry, clock, log: app.log })
  const trades = createTrades({ entities, makeMove, expiries, clock })
  const catchUp = createCatchUp({ entities, trades, recent, clock })
  const changes = createChanges({ conversations, acquaintance, users, clock })
  const sync = createSync({ catchUp, changes, cursors, clock })
  const tradeList = createTradeList({ entities, expiries, pageTokens, clock, beginList })
  const messages = createMessages({ entities, append, enclose: attachments?.enclose ?? encloseNothing, openTrade, pageTokens, trades, clock, beginList })
  const readPositions = createReadPositions({ entities, heads, tell, clock })
  const accounts = createAccounts({ entities, erasures, suspensions })
  const exports = createExport({ entities, accounts, blocks, conversations, trades, pageTokens, clock })
  const correspondence = createCorrespondence({ entities, heads, messages })
  const integrations = createIntegrations({ entities })
  const keyring = createKeyring({ entities, clock })
  app.decorate('services', {
    accounts,
    acquaintance,
    attachments,
    blocks,
    catchUp,
    changes,
    conversations,
    correspondence,
    cursors,
    eraser,
    eraseAttachments,
    eraseFigures: createEraseFigures(entities.direct),
    eraseReports: createEraseReports(entities.direct),
    erasures,
    exports,
    integrations,
    keyring,
    messages,
    mutes,
    readPositions,
    recordExpiry,
    suspensions,
    sync,
    trades,
    tradeList,
    users
  })
  app.addHook('onClose', async () => await expiries.close())
}, { name: 'services', dependencies: ['config', 'metrics', 'attachment-meters', 'dynamodb', 'hub', 'storage', 'work'] })
