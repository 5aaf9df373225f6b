// dom-chat.ts: the same without a framework
import { formatEnergy, formatMoney, formatPrice } from 'equilux-chat-client/format'
import { createStore, type Entry } from 'equilux-chat-client/store'

const baseUrl = document.body.dataset.chatUrl ?? 'http://localhost:8080'
const store = createStore({ baseUrl, token: async () => await (await fetch('/chat-token')).text(), persist: true })
const locale = navigator.language

function make<Name extends keyof HTMLElementTagNameMap> (name: Name, ...content: Array<Node | string>) {
  const element = document.createElement(name)
  element.append(...content)
  return element
}

function button (label: string, onClick: () => unknown) {
  const element = make('button', label)
  element.onclick = onClick
  return element
}

function offerOf (offerId: string) {
  const { me, offers: { [offerId]: offer } } = store.getSnapshot()
  if (offer === undefined) return ''
  const { status, revision, awaiting, currentProposal: { totalAmount, pricePerUnit, totalPrice, currency } } = offer
  const terms = `${formatEnergy(totalAmount, locale)} at ${formatPrice(pricePerUnit, currency, locale)}`
  const accept = button('Accept', () => store.respond(offerId, { response: 'accept', revision }))
  return make('p', `${terms}: ${formatMoney(totalPrice, currency, locale)} `, make('b', status), ...awaiting === me ? [accept] : [])
}

function lineOf ({ key, isOwn, state, message, error }: Entry) {
  const text = make('span', message.text ?? '')
  text.dir = 'auto'
  const line = make('li', text, ' ', isOwn ? make('small', state) : '', 'tradeOffer' in message ? offerOf(message.messageId) : '')
  if (state === 'failed') line.append(error?.detail ?? '', button('Retry', () => store.retry(key)), button('Discard', () => store.discard(key)))
  line.className = isOwn ? 'own' : 'other'
  return line
}

const [status, nav, list, typing, form, input] = [make('p'), make('nav'), make('ol'), make('p', 'is typing …'), make('form'), make('input')]
const older = button('Older messages', () => store.loadOlder(userId))
let userId = ''
let letGo = () => {}

function open (other: string) {
  letGo()
  userId = other
  letGo = store.openThread(other)
  show()
}

function show () {
  const { connection, conversations, threads: { [userId]: thread } } = store.getSnapshot()
  status.textContent = connection.status
  nav.replaceChildren(...[...conversations.requests, ...conversations.items].map(({ userId, user, unreadCount }) => button(`${user.username} ${unreadCount || ''}`, () => open(userId))))
  list.replaceChildren(...(thread?.entries ?? []).map(lineOf))
  older.hidden = thread?.hasOlder !== true
  typing.hidden = thread?.isTyping !== true
  form.hidden = userId === ''
  if (thread !== undefined) store.markRead(userId)
}

status.role = 'status'
input.required = true
input.oninput = () => store.typing(userId)
form.onsubmit = event => {
  event.preventDefault()
  store.send(userId, { text: input.value })
  form.reset()
}
form.append(input, make('button', 'Send'))
document.body.append(status, nav, older, list, typing, form)
store.subscribe(show)
store.start()
if (location.hash === '') show()
else open(location.hash.slice(1))
