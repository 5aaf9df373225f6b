import { clientMessages, serverMessages, streamMessages, type MessagePart } from './messages.js'

const security = [{ $ref: '#/components/securitySchemes/token' }]

/** What answers a client's frame besides `ack` and `error`. */
const answers: Record<string, string> = { auth: 'connected', resume: 'resumed' }

/** What the server does: it receives each frame of a client, sends each of its own, and sends the events of a stream. */
export function operations () {
  return Object.fromEntries([
    ...clientMessages.map(part => operation('receive', part, {
      // A token opens every other door.
      ...part.type !== 'auth' && { security },
      reply: reply(serverMessages, ...[answers[part.type] ?? [], 'ack', 'error'].flat())
    })),
    ...serverMessages.map(part => operation('send', part, part.type === 'ping' ? { reply: reply(clientMessages, 'pong') } : {})),
    ['streamEvents', {
      action: 'send',
      channel: { $ref: '#/channels/events' },
      title: 'Stream events',
      summary: 'Events as they happen, after those that were missed',
      security,
      bindings: { http: { method: 'GET', bindingVersion: '0.3.0' } },
      messages: streamMessages.map(part => messageRef('events', part))
    }]
  ])
}

function operation (action: 'receive' | 'send', part: MessagePart, more: object) {
  const { type, message } = part
  return [`${action}${type.charAt(0).toUpperCase()}${type.slice(1)}`, {
    action,
    channel: { $ref: '#/channels/webSocket' },
    title: `${action === 'receive' ? 'Receive' : 'Send'} ${type}`,
    summary: message.summary,
    messages: [messageRef('webSocket', part)],
    ...more
  }] as const
}

function reply (from: MessagePart[], ...types: string[]) {
  return {
    channel: { $ref: '#/channels/webSocket' },
    messages: types.map(type => messageRef('webSocket', from.find(part => part.type === type)!))
  }
}

function messageRef (channel: string, { message: { name } }: MessagePart) {
  return { $ref: `#/channels/${channel}/messages/${name}` }
}
