import type { FastifyBaseLogger } from 'fastify'
import type { MessageItem } from '../../database/entities/message.js'

/** A message that was to be written, and whose transaction ended without an answer. */
export type Doubtful = Pick<MessageItem, 'conversationId' | 'seq' | 'messageId'>

/** Finds out what became of messages whose commit was never answered. */
export interface Settlement {
  /** Notes one: it is looked for at once. */
  settle: (doubtful: Doubtful) => void
  /** Forgets them all, and those that come later. */
  close: () => void
}

interface Doubt extends Doubtful {
  /** When it is to be looked for, in ms of `performance.now()`. */
  due: number
  /** How often it was looked for and not there. */
  absent: number
}

const maxDoubts = 10_000
/** How many are looked for at a time. */
const batch = 100
/** How long after it was not there it is looked for again, in ms: a transaction that is under way may still commit. */
const again = [500, 4500]
/** While the database is away: at first, and at most, in ms. */
const firstPause = 250
const lastPause = 5000

/**
 * @param options.read reads the messages that are in some places, strongly consistent
 * @param options.found is told of each message that is there after all, once; when that fails, again later
 */
export function createSettlement ({ read, found, log }: {
  read: (places: Doubtful[]) => Promise<MessageItem[]>
  found: (message: MessageItem) => Promise<void>
  log: FastifyBaseLogger
}): Settlement {
  const doubts = new Map<string, Doubt>()
  let timer: NodeJS.Timeout | undefined
  let working = false
  let closed = false
  let pause = firstPause

  async function look (due: Doubt[]) {
    const items = new Map((await read(due)).map(item => [placeOf(item), item]))
    for (const doubt of due) {
      const item = items.get(placeOf(doubt))
      if (item?.messageId === doubt.messageId) await found(item)
      const wait = item === undefined ? again[doubt.absent++] : undefined
      if (wait === undefined) doubts.delete(doubt.messageId)
      else doubt.due = performance.now() + wait
    }
  }

  async function work () {
    working = true
    try {
      for (;;) {
        const now = performance.now()
        const due = [...doubts.values()].filter(doubt => doubt.due <= now).slice(0, batch)
        if (due.length === 0) break
        await look(due)
        pause = firstPause
      }
      schedule(Math.min(...[...doubts.values()].map(({ due }) => due)) - performance.now())
    } catch (err) {
      log.warn({ err, doubtful: doubts.size }, 'what became of messages can\'t be found out yet')
      schedule(pause)
      pause = Math.min(2 * pause, lastPause)
    } finally {
      working = false
    }
  }

  function schedule (ms: number) {
    clearTimeout(timer)
    if (doubts.size > 0) timer = setTimeout(() => { work().catch(() => {}) }, Math.max(0, ms)).unref()
  }

  return {
    settle ({ conversationId, seq, messageId }) {
      if (closed) return
      if (doubts.size >= maxDoubts) {
        doubts.delete(doubts.keys().next().value as string)
        log.error({ doubtful: maxDoubts }, 'too many messages are in doubt: the oldest is not looked for any more')
      }
      doubts.set(messageId, { conversationId, seq, messageId, due: performance.now(), absent: 0 })
      // While the database is away those that come wait like the others.
      if (!working && pause === firstPause) schedule(0)
    },

    close () {
      closed = true
      clearTimeout(timer)
      doubts.clear()
    }
  }
}

function placeOf ({ conversationId, seq }: Pick<MessageItem, 'conversationId' | 'seq'>): string {
  return `${conversationId} ${seq}`
}
