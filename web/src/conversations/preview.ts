import type { Conversation } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import type { TextId, Translate } from '../i18n/index.js'

type LastMessage = Conversation['lastMessage']

const moves: Record<NonNullable<LastMessage['action']>, TextId> = {
  offer: 'chat.move.offer',
  counter: 'chat.move.counter',
  accept: 'chat.move.accept',
  reject: 'chat.move.reject',
  withdraw: 'chat.move.withdraw',
  expire: 'chat.move.expire'
}

/** A message in a line: what was said, how many files came with it, or what a move did and was said with it. What was erased has no words. */
export function previewOf ({ senderId, action, text: said, attachments }: LastMessage, me: string | undefined, text: Translate): string {
  const files = attachments === undefined ? '' : text('files.count', { count: attachments })
  const line = said.replace(/\s+/g, ' ')
  // What was said may be written the other way.
  const words = files === '' ? line : line === '' ? files : `${isolate(line)} · ${files}`
  const who = senderId === me ? 'me' : 'other'
  if (action !== undefined) return [text(moves[action], { who }), words].filter(part => part !== '').join(' · ')
  if (words === '') return text('safety.erased')
  return who === 'me' ? text('chat.said', { text: words }) : words
}
