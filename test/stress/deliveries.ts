import type { Sender } from './sender.js'

/** A client that counts what it is told. */
export interface Receiver {
  readonly userId: string
  /** What came, by conversation, in the order in which it came first. */
  readonly seen: ReadonlyMap<string, number[]>
  readonly duplicates: number
  readonly reconnects: number
}

/** How many of the messages addressed to a client's user it doesn't have. */
export function missing (client: Receiver, { acknowledged }: Sender): number {
  let count = 0
  for (const [conversationId, seqs] of acknowledged) {
    if (!conversationId.split('~').includes(client.userId)) continue
    const seen = new Set(client.seen.get(conversationId))
    for (const seq of seqs) if (!seen.has(seq)) count++
  }
  return count
}

/** Compares what was acknowledged with what came. */
export function compareDeliveries (clients: readonly Receiver[], sender: Sender): { summary: string, faults: string[] } {
  const sum = (count: (client: Receiver) => number) => clients.reduce((total, client) => total + count(client), 0)
  const gaps = sum(client => missing(client, sender))
  const disorder = sum(client => [...client.seen.values()].reduce((total, seqs) =>
    total + seqs.filter((seq, n) => n > 0 && seq < (seqs[n - 1] as number)).length, 0))
  const faults: string[] = []
  for (const [conversationId, seqs] of sender.acknowledged) {
    const newest = Math.max(...seqs)
    if (newest !== seqs.size) faults.push(`${conversationId} has ${seqs.size} messages but goes up to ${newest}`)
  }
  if (gaps > 0) faults.push(`${gaps} messages did not come`)
  if (disorder > 0) faults.push(`${disorder} messages came out of order`)
  return {
    faults,
    summary: `sent ${sender.sent}, received ${sum(client => [...client.seen.values()].flat().length)}, gaps ${gaps}, ` +
      `out of order ${disorder}, duplicates ${sum(client => client.duplicates)}, reconnects ${sum(client => client.reconnects)}`
  }
}
