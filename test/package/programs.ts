import { readFile } from 'node:fs/promises'

/** The program in the README, word for word. */
export async function readmeProgram (): Promise<string> {
  const [, program] = /^```ts\n(\/\/ trade\.mts: [\s\S]*?)^```$/m.exec(await readFile('README.md', 'utf8')) ?? []
  if (program === undefined) throw new Error('README.md has no block of TypeScript that begins with `// trade.mts: `')
  return program
}

const imports = `import { createClient, LiveClient, type Message, type TradeOffer } from 'equilux-chat-client'
import { createAttachments } from 'equilux-chat-client/attachments'
import { createStore } from 'equilux-chat-client/store'
import { useThread } from 'equilux-chat-client/react'`

const setting = `
const api = createClient({ baseUrl: '', token: '' })
const live = new LiveClient({ baseUrl: '', token: '' })
const store = createStore({ baseUrl: '', token: '' })
const to = { params: { path: { userId: 'bob' } } }
const it = { params: { path: { messageId: '' } } }
const terms = { pricePerUnit: 0.27, totalAmount: 12.5, startTime: '' }
`

/** Statements that must not compile, each on a line of its own, and the error that says why. */
const wrong: Array<[code: string, statement: string]> = [
  ['TS2322', 'api.POST(\'/api/messages/{userId}\', { ...to, body: { text: 5 } })'],
  ['TS2322', 'api.POST(\'/api/messages/{userId}\', { ...to, body: {} })'],
  ['TS2353', 'api.POST(\'/api/messages/{userId}\', { ...to, body: { text: \'hello\', colour: \'red\' } })'],
  ['TS2322', 'api.POST(\'/api/messages/{userId}\', { ...to, body: { messageType: \'tradeOffer\', text: \'no terms\' } })'],
  ['TS2322', 'api.POST(\'/api/messages/{userId}\', { ...to, body: { messageType: \'tradeOffer\', ...terms, pricePerUnit: \'0.27\' } })'],
  ['TS2345', 'api.POST(\'/api/messages/{userId}\', to)'],
  ['TS2741', 'api.POST(\'/api/messages/{userId}\', { params: { path: {} }, body: { text: \'hello\' } })'],
  ['TS2345', 'api.POST(\'/api/messages\', { ...to, body: { text: \'hello\' } })'],
  ['TS2345', 'api.GET(\'/api/messages/conversations/{userId}/read\', to)'],
  ['TS2345', 'api.GET(\'/metrics\')'],
  ['TS2353', 'api.GET(\'/api/messages/{userId}\', { ...to, headers: {} })'],
  ['TS2322', 'api.POST(\'/api/messages/trades/{messageId}/respond\', { ...it, body: { response: \'perhaps\' } })'],
  ['TS2322', 'api.POST(\'/api/messages/trades/{messageId}/respond\', { ...it, body: { response: \'counter\', revision: 1 } })'],
  ['TS2322', 'api.GET(\'/api/messages/trades\', { params: { query: { status: [\'open\'] } } })'],
  ['TS2353', 'api.GET(\'/api/messages/trades\', { params: { query: { page: 2 } } })'],
  ['TS2339', 'api.GET(\'/api/messages/conversations\').then(({ data }) => data?.chats)'],
  ['TS2339', 'api.GET(\'/api/messages/conversations\').then(({ error }) => error?.message)'],
  ['TS2367', 'api.GET(\'/api/messages/conversations\').then(({ error }) => error?.code === \'no_such_code\')'],
  ['TS2345', 'live.on(\'newMail\', () => {})'],
  ['TS2339', 'live.on(\'newMessage\', message => message.body)'],
  ['TS2339', 'live.on(\'newMessage\', message => message.tradeOffer)'],
  ['TS2322', 'live.on(\'newMessage\', message => { const seq: string = message.seq; return seq })'],
  ['TS2339', 'live.on(\'event\', event => event.type === \'typing\' && event.data.seq)'],
  ['TS2367', 'live.on(\'tradeResponse\', ({ offer }) => offer.status === \'done\')'],
  ['TS2345', 'live.read(\'bob\', \'1\')'],
  ['TS2554', 'live.typing()'],
  ['TS2322', 'new LiveClient({ baseUrl: \'\', token: 5 })'],
  ['TS2345', 'createClient({ baseUrl: \'\' })'],
  ['TS2345', 'createStore({ baseUrl: \'\' })'],
  ['TS2322', 'store.send(\'bob\', { text: 5 })'],
  ['TS2345', 'store.send(\'bob\', {})'],
  ['TS2322', 'store.send(\'bob\', { attachments: [\'id\'] })'],
  ['TS2345', 'createAttachments(api).upload(\'bob\', \'bytes\')'],
  ['TS2353', 'createAttachments(api).upload(\'bob\', new Blob([]), { colour: \'red\' })'],
  ['TS2345', 'store.respond(\'\', { response: \'counter\', revision: 1 })'],
  ['TS2540', 'store.getSnapshot().conversations.unread = 0'],
  ['TS2345', 'useThread(5)']
]

export const wrongProgram = `${imports}${setting}${wrong.map(([, statement]) => statement).join('\n')}\nexport type { Message, TradeOffer }\n`

/** The errors that it must have, as `file:line code`. */
export function wrongProgramErrors (file: string): string[] {
  const first = wrongProgram.slice(0, wrongProgram.indexOf(wrong[0]![1])).split('\n').length
  return wrong.map(([code], n) => `${file}:${first + n} ${code}`)
}

/** Compiles only if unions narrow and nothing that the package exports is or contains `any`. */
export const typedProgram = `
import type * as client from 'equilux-chat-client'
import { createClient, LiveClient } from 'equilux-chat-client'
import type { Attachments } from 'equilux-chat-client/attachments'
import type { ChatSnapshot, ChatStore } from 'equilux-chat-client/store'
import type { WebhookEvent } from 'equilux-chat-client/webhooks'

type IsAny<T> = 0 extends 1 & T ? true : false
type HasAny<T> = IsAny<T> extends true ? true
  : T extends (...args: infer Args) => infer Result ? HasAny<Args[number]> | HasAny<Result>
    : T extends Promise<infer Value> ? HasAny<Value>
      : T extends readonly (infer Item)[] ? HasAny<Item>
        : T extends object ? { [Key in keyof T]-?: HasAny<T[Key]> }[keyof T]
          : false
type None<T> = true extends HasAny<T> ? never : true

// That the test itself can fail.
export const found: [HasAny<{ a: { b: any[] } }>, HasAny<(a: any) => void>, HasAny<() => Promise<{ a: any }>>] = [true, true, true]

export const none: [
  None<client.components>, None<client.paths>, None<client.operations>, None<client.LiveEventMap>, None<client.LiveEvent>, None<client.Message>,
  None<client.Problem>, None<client.LiveState>, None<client.TokenSource>, None<Omit<client.LiveClientOptions, 'fetch'>>, None<Omit<client.ApiOptions, 'fetch'>>,
  None<client.ChatError>, None<WebhookEvent>, None<ChatSnapshot>, None<Parameters<ChatStore['send' | 'respond']>>, None<Parameters<LiveClient['read'] | LiveClient['typing']>>,
  None<Awaited<ReturnType<LiveClient['connect'] | LiveClient['read']>>>, None<Awaited<ReturnType<Attachments['upload' | 'get']>>>,
  None<Omit<NonNullable<Parameters<Attachments['upload']>[2]>, 'signal'>>
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true]

const api = createClient({ baseUrl: '', token: async () => '' })
const live = new LiveClient({ baseUrl: '', token: () => '', since: undefined, WebSocket, transport: 'auto' })
const { data, error } = await api.GET('/api/messages/{userId}', { params: { path: { userId: 'bob' }, query: { order: 'asc', limit: 5 } } })
if (error === undefined) {
  const typed: None<typeof data> = true
  console.log(typed, data.messages.map(({ seq }) => seq.toFixed()))
} else {
  const typed: None<typeof error> = true
  console.log(typed, error.code === 'trade_closed', error.offer?.status, data === undefined)
}

live.on('event', event => {
  const typed: None<typeof event> = true
  switch (event.type) {
    case 'newMessage':
      return event.data.messageType === 'text' ? event.data.text.length : event.data.messageType === 'tradeOffer' ? event.data.tradeOffer.status : typed
    case 'tradeResponse':
      return event.data.offer.awaiting ?? event.data.message.tradeResponse.action
    case 'tradeExpiring':
      return event.data.hoursLeft
    case 'presence':
      return event.data.online
    case 'read':
      return event.data.seq
    case 'typing':
    case 'stopTyping':
      return event.data.userId
    case 'connected':
    case 'resumed':
      return event.data.cursor
    default: {
      const nothing: never = event
      return nothing
    }
  }
})
const off: () => void = live.on('error', error => console.log(error.retryable, error.code === 'unexpected_frame', error.cause))
off()
`

/** Sends a file and gets it, on Node and in a page. */
export const filesProgram = `
import { createClient } from 'equilux-chat-client'
import { createAttachments } from 'equilux-chat-client/attachments'

const [alice, bob] = [process.env.ALICE, process.env.BOB].map(token => createClient({ baseUrl: process.env.CHAT_URL, token }))
const bytes = new TextEncoder().encode('12:00;0.250;\\n'.repeat(7e5)).slice(0, 8e6)
const file = new Blob([bytes], { type: 'text/csv' })
const [gone, come] = [[], []]
const { data: { attachmentId } } = await createAttachments(alice).upload('bob', file, { fileName: 'load.csv', onProgress: progress => gone.push(progress) })
const line = progress => progress.at(-1).loaded + ' of ' + progress.at(-1).total
console.log('gone: ' + line(gone))
const { error } = await alice.POST('/api/messages/{userId}', { params: { path: { userId: 'bob' } }, body: { attachments: [{ attachmentId }] } })
console.log(error?.detail ?? 'sent')
const { data: { blob } } = await createAttachments(bob).download(attachmentId, { onProgress: progress => come.push(progress) })
console.log('come: ' + line(come))
console.log('the same: ' + (await blob.text() === await file.text()))
const abort = new AbortController()
const off = await createAttachments(alice).upload('bob', file, { onProgress: () => abort.abort(), signal: abort.signal })
console.log('called off: ' + off.error.code)
console.log('told on the way: ' + (gone.length > 2))
`

/** A page of React, as Vite makes it. */
export const reactProgram = `
import { ChatProvider, useConnection, useConversations } from 'equilux-chat-client/react'
import { createStore } from 'equilux-chat-client/store'
import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'

const store = createStore({ baseUrl: import.meta.env.VITE_CHAT_URL, token: import.meta.env.VITE_TOKEN })
store.start()

function Connection () {
  const { status } = useConnection()
  const { items, status: list } = useConversations()
  const line = \`\${status}, \${items.length} conversations \${list}\`
  useEffect(() => { if (status === 'live' && list === 'ready') console.log(line) }, [status, list, line])
  return <p>{line}</p>
}

createRoot(document.body.appendChild(document.createElement('div'))).render(<ChatProvider store={store}><Connection /></ChatProvider>)
`
