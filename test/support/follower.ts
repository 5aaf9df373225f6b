import type { ServerFrame } from '../../schemas/events.js'
import type { Message } from '../../schemas/message.js'

/** The message of a durable event. */
export function messageOf (frame: ServerFrame): Message | undefined {
  if (frame.type === 'newMessage') return frame.data
  return frame.type === 'tradeResponse' ? frame.data.message : undefined
}

/** The messages of what came, as `conversation seq`. */
export function messagesOf (frames: ServerFrame[]): Message[] {
  return frames.flatMap(frame => messageOf(frame) ?? [])
}

/** The messages by conversation, in the order they came in. */
export function seqsOf (frames: ServerFrame[]): Record<string, number[]> {
  const seqs: Record<string, number[]> = {}
  for (const { conversationId, seq } of messagesOf(frames)) (seqs[conversationId] ??= []).push(seq)
  return seqs
}

export function upTo (last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n)
}

/** The cursor of the last event that has one. */
export function lastCursor (frames: ServerFrame[]): string | undefined {
  return frames.findLast((frame): frame is typeof frame & { cursor: string } => 'cursor' in frame && frame.cursor !== undefined)?.cursor
}
