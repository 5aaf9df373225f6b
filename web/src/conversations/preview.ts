import type { Conversation } from 'equilux-chat-client'
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

/** A message in a line: what was said, or what a move did and was said with it. What was erased has no words. */
export function previewOf ({ senderId, action, text: said }: LastMessage, me: string | undefined, text: Translate): string {
  const words = said.replace(/\s+/g, ' ')
  const who = senderId === me ? 'me' : 'other'
  if (action !== undefined) return [text(moves[action], { who }), words].filter(part => part !== '').join(' · ')
  if (words === '') return text('safety.erased')
  return who === 'me' ? text('chat.said', { text: words }) : words
}
