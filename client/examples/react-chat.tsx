// react-chat.tsx: conversations, messages and offers in React
import { formatEnergy, formatMoney, formatPrice } from 'equilux-chat-client/format'
import { ChatProvider, useChat, useConnection, useConversations, useOffer, useThread } from 'equilux-chat-client/react'
import { createStore, type Entry } from 'equilux-chat-client/store'
import { useEffect, useState, type FormEvent } from 'react'
import { createRoot } from 'react-dom/client'

const root = document.body.appendChild(document.createElement('main'))
const baseUrl = document.body.dataset.chatUrl ?? 'http://localhost:8080'
const store = createStore({ baseUrl, token: async () => await (await fetch('/chat-token')).text(), persist: true })
const locale = navigator.language

function Offer ({ offerId }: { offerId: string }) {
  const [offer, me] = [useOffer(offerId), useChat(({ me }) => me)]
  if (offer === undefined) return null
  const { status, revision, awaiting, currentProposal: { totalAmount, pricePerUnit, totalPrice, currency } } = offer
  const accept = () => store.respond(offerId, { response: 'accept', revision })
  return (
    <p className='offer'>
      {formatEnergy(totalAmount, locale)} at {formatPrice(pricePerUnit, currency, locale)}: {formatMoney(totalPrice, currency, locale)}
      {' '}<b>{status}</b> {awaiting === me && <button onClick={accept}>Accept</button>}
    </p>
  )
}

function Line ({ entry: { key, isOwn, state, message, error } }: { entry: Entry }) {
  const [retry, discard] = [() => store.retry(key), () => store.discard(key)]
  return (
    <li className={isOwn ? 'own' : 'other'}>
      <span dir='auto'>{message.text}</span> {isOwn && <small>{state}</small>}
      {'tradeOffer' in message && <Offer offerId={message.messageId} />}
      {state === 'failed' && <>{error?.detail} <button onClick={retry}>Retry</button><button onClick={discard}>Discard</button></>}
    </li>
  )
}

function Conversation ({ userId }: { userId: string }) {
  const { entries, hasOlder, isTyping } = useThread(userId)
  useEffect(() => store.markRead(userId), [userId, entries])
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    store.send(userId, { text: String(new FormData(event.currentTarget).get('text')) })
    event.currentTarget.reset()
  }
  const older = <button onClick={() => store.loadOlder(userId)}>Older messages</button>
  const lines = entries.map(entry => <Line key={entry.key} entry={entry} />)
  const input = <input name='text' autoComplete='off' required onInput={() => store.typing(userId)} />
  return <>{hasOlder && older}<ol>{lines}</ol>{isTyping && 'is typing …'}<form onSubmit={send}>{input}<button>Send</button></form></>
}

function Chat () {
  const [[userId, open], { status }, { items, requests }] = [useState(location.hash.slice(1)), useConnection(), useConversations()]
  const links = [...requests, ...items].map(({ userId, user, unreadCount }) =>
    <button key={userId} onClick={() => open(userId)}><bdi>{user.username}</bdi> {unreadCount > 0 && unreadCount}</button>)
  return <><p role='status'>{status}</p><nav>{links}</nav>{userId !== '' && <Conversation key={userId} userId={userId} />}</>
}

store.start()
createRoot(root).render(<ChatProvider store={store}><Chat /></ChatProvider>)
