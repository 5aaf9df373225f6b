import { title, tokenScheme, version } from '../about.js'
import { describeCloseCodes } from '../../wire/close-codes.js'
import { streamDescription, webSocketDescription } from './descriptions.js'
import { clientMessages, serverMessages, streamMessages, type MessagePart } from './messages.js'
import { operations } from './operations.js'
import { schemaComponents } from './schemas.js'

/** The AsyncAPI document of the live events, made from the schemas that validate and serialize them. */
export function asyncApiDocument () {
  const socketMessages = [...clientMessages, ...serverMessages]
  const messages = [...socketMessages, ...streamMessages]
  return {
    asyncapi: '3.0.0',
    info: {
      title,
      version,
      description: 'Live events for energy prosumers who message each other. Everything else is in the [OpenAPI document](/openapi.json).',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' }
    },
    defaultContentType: 'application/json',
    servers: {
      ws: server('ws', 'WebSocket without TLS'),
      wss: server('wss', 'WebSocket behind TLS'),
      http: server('http', 'HTTP without TLS'),
      https: server('https', 'HTTP behind TLS')
    },
    channels: {
      webSocket: {
        address: '/api/ws',
        title: 'WebSocket',
        summary: 'Live events both ways',
        description: webSocketDescription,
        servers: serverRefs('ws', 'wss'),
        messages: messageRefs(socketMessages),
        bindings: { ws: { method: 'GET', headers: upgradeHeaders, bindingVersion: '0.1.0' } },
        'x-close-codes': describeCloseCodes()
      },
      events: {
        address: '/api/events',
        title: 'Stream',
        summary: 'Live events as Server-Sent Events',
        description: streamDescription,
        servers: serverRefs('http', 'https'),
        messages: messageRefs(streamMessages)
      }
    },
    operations: operations(),
    components: {
      schemas: schemaComponents(Object.assign({}, ...messages.map(({ schemas }) => schemas))),
      messages: Object.fromEntries(messages.map(({ message }) => [message.name, message])),
      correlationIds: {
        frameId: { description: 'Chosen by the client; its answer repeats it', location: '$message.payload#/id' }
      },
      securitySchemes: { token: tokenScheme }
    }
  }
}

const upgradeHeaders = {
  type: 'object',
  properties: {
    Authorization: { type: 'string', description: '`Bearer` and a token; browsers, which can\'t set it, send an `auth` frame' },
    'Accept-Language': { type: 'string', description: 'The language in which refusals are worded, unless the `auth` frame asks for another' },
    Origin: { type: 'string', description: 'Set by browsers; it must be one that the server allows' }
  }
}

function server (protocol: string, description: string) {
  return {
    host: '{host}',
    protocol,
    description,
    variables: { host: { default: 'localhost:8080', description: 'Where the server is' } }
  }
}

function serverRefs (...names: string[]) {
  return names.map(name => ({ $ref: `#/servers/${name}` }))
}

function messageRefs (parts: MessagePart[]) {
  return Object.fromEntries(parts.map(({ message: { name } }) => [name, { $ref: `#/components/messages/${name}` }]))
}
