import type { ServerFrames } from '../../schemas/events.js'
import type { Identity } from '../auth/identity.js'
import type { Hub } from '../hub/hub.js'
import type { Outlet } from '../hub/outlet.js'
import type { Cursor } from '../services/catch-up/cursor.js'
import { ProblemError } from '../wire/problem-error.js'
import { Feed, type FeedContext } from './feed.js'

/** What a client is told of its own connection, whatever carries it. */
export type OwnFrame = ServerFrames['connected' | 'resumed']

/** A connection as those see it who speak to its client. */
export interface Client extends Outlet {
  tell: (frame: OwnFrame) => void
}

export interface JoiningContext extends FeedContext {
  hub: Hub
}

/** Why this instance takes no more connections at the moment. */
export function fullness (hub: Hub): ProblemError | undefined {
  if (hub.isClosed) return new ProblemError('shutting_down', undefined, { headers: { 'retry-after': '1' } })
  if (!hub.hasRoom) return new ProblemError('connection_limit', undefined, { headers: { 'retry-after': '5' } })
}

/** How a client begins. */
export interface Beginning {
  /** The cursor from which it goes on: before it has, that stays its cursor. */
  since?: string
  /** Whether the user's oldest connection gives way where there are too many. */
  takeOver?: boolean
}

/**
 * Gives a client its user's events, and says `connected`; until `follow` they wait.
 * @returns undefined if the user has too many connections
 */
export async function join (client: Client, identity: Identity, { since, takeOver }: Beginning, context: JoiningContext): Promise<Feed | undefined> {
  const { hub } = context
  const { userId } = identity
  const feed = hub.join(client, identity, entered => new Feed(client, userId, context, hub.tally, entered), takeOver)
  if (feed === undefined) return undefined
  const cursor = await feed.begin()
  client.tell({
    type: 'connected',
    data: { userId, serverTime: new Date().toISOString(), heartbeatSeconds: hub.limits.heartbeat / 1000, cursor: since ?? cursor }
  })
  return feed
}

/** Sends what was missed since a cursor and says `resumed`; without a cursor, only what happens since the client joined. */
export async function follow (client: Client, feed: Feed, since: Cursor | undefined): Promise<void> {
  if (since === undefined) return feed.release()
  const replayed = await feed.resume(since)
  client.tell({ type: 'resumed', data: { cursor: feed.cursor, replayed } })
}
