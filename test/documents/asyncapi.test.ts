import { readFile } from 'node:fs/promises'
import { DiagnosticSeverity, Parser } from '@asyncapi/parser'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import t from 'tap'
import { clientFrameSchemas, serverFrameSchemas, streamOnlySchemas } from '../../schemas/events.js'
import { asyncApiDocument } from '../../src/documents/asyncapi/document.js'
import { closeCodes, standardCloseCodes, type CloseCode } from '../../src/wire/close-codes.js'
import { testApp } from '../support/helper.js'

interface Message {
  name: string
  title: string
  summary: string
  headers?: object
  payload: { $ref: string }
  examples: Array<{ headers?: object, payload: Record<string, unknown> }>
}

interface Reference { $ref: string }

interface Channel {
  address: string
  description: string
  messages: Record<string, Reference>
  'x-close-codes': CloseCode[]
}

interface Document {
  channels: Record<'webSocket' | 'events', Channel>
  operations: Record<string, { action: string, channel: Reference, messages: Reference[], reply?: { messages: Reference[] } }>
  components: { schemas: Record<string, object>, messages: Record<string, Message> }
}

const text = JSON.stringify(asyncApiDocument())
const document = JSON.parse(text) as Document
const { channels, operations, components } = document
const capital = (type: string) => type.charAt(0).toUpperCase() + type.slice(1)
const clientTypes = Object.keys(clientFrameSchemas)
const serverTypes = Object.keys(serverFrameSchemas)
const streamTypes = [...serverTypes.filter(type => !['ping', 'ack', 'error'].includes(type)), ...Object.keys(streamOnlySchemas)]

/** A validator that knows the document and nothing else. */
function createAjv () {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  for (const format of ['well-formed', 'iso-4217']) ajv.addFormat(format, true)
  return ajv.addSchema(document, 'document')
}

t.test('AsyncAPI\'s own parser finds nothing wrong', async t => {
  const { document: parsed, diagnostics } = await new Parser().parse(text)
  // 3.0 is what tools read; the parser notes that there is a later version.
  const found = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version')
  t.same(found.map(({ path, message, severity }) => `${DiagnosticSeverity[severity]} ${path.join('.')}: ${message}`), [])
  t.equal(parsed?.version(), '3.0.0')
  t.same(parsed?.servers().all().map(server => server.id()), ['ws', 'wss', 'http', 'https'])
  t.same(parsed?.channels().all().map(channel => [channel.address(), channel.messages().all().length]), [
    ['/api/ws', clientTypes.length + serverTypes.length], ['/api/events', streamTypes.length]
  ])
  t.equal(parsed?.operations().all().length, clientTypes.length + serverTypes.length + 1)
})

t.test('the frames are received and sent on the WebSocket, the events sent on the stream', async t => {
  const { webSocket, events } = channels
  t.same(Object.keys(webSocket.messages), [...clientTypes.map(type => `client${capital(type)}`), ...serverTypes.map(type => `server${capital(type)}`)])
  t.same(Object.keys(events.messages), streamTypes.map(type => `stream${capital(type)}`))
  for (const [action, side, types] of [['receive', 'client', clientTypes], ['send', 'server', serverTypes]] as const) {
    for (const type of types) {
      t.match(operations[`${action}${capital(type)}`], {
        action,
        channel: { $ref: '#/channels/webSocket' },
        messages: [{ $ref: `#/channels/webSocket/messages/${side}${capital(type)}` }]
      }, type)
    }
  }
  t.same(operations.streamEvents?.messages.map(({ $ref }) => $ref), Object.keys(events.messages).map(name => `#/channels/events/messages/${name}`))
})

t.test('what is answered says by what', async t => {
  const answers = Object.fromEntries(Object.entries(operations).flatMap(([name, { reply }]) =>
    reply === undefined ? [] : [[name, reply.messages.map(({ $ref }) => $ref.replace('#/channels/webSocket/messages/', ''))]]))
  t.same(answers, {
    receiveAuth: ['serverConnected', 'serverAck', 'serverError'],
    receiveTyping: ['serverAck', 'serverError'],
    receiveStopTyping: ['serverAck', 'serverError'],
    receiveRead: ['serverAck', 'serverError'],
    receiveResume: ['serverResumed', 'serverAck', 'serverError'],
    receivePong: ['serverAck', 'serverError'],
    sendPing: ['clientPong']
  })
})

t.test('every message has words, a named payload and examples of it', async t => {
  const ajv = createAjv()
  for (const [key, { name, title, summary, headers, payload, examples }] of Object.entries(components.messages)) {
    t.equal(name, key)
    t.ok(title.length > 5 && summary.length > 5, key)
    const validate = ajv.compile({ $ref: `document${payload.$ref}` })
    t.ok(examples.length > 0, `${key} has an example`)
    for (const example of examples) {
      t.ok(validate(example.payload), key, { errors: validate.errors })
      t.notOk(validate({ ...example.payload, unheardOf: 1 }), `${key} refuses what it doesn't know`)
      t.equal(headers === undefined, example.headers === undefined, key)
      if (headers !== undefined) t.ok(ajv.validate(headers, example.headers), `${key} has an event and an id`)
    }
  }
})

t.test('the examples are examples of the schemas that the server goes by', async t => {
  for (const [side, schemas] of [['client', clientFrameSchemas], ['server', serverFrameSchemas]] as const) {
    for (const [type, { examples }] of Object.entries(schemas)) {
      t.same(components.messages[`${side}${capital(type)}`]?.examples, examples.map((payload: object) => ({ payload })), type)
    }
  }
})

t.test('every schema is used, and every reference leads somewhere', async t => {
  const refs = new Set([...text.matchAll(/"\$ref":"#\/([^"]*)"/g)].map(([, path]) => path!))
  for (const path of refs) {
    t.ok(path.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document), path)
  }
  for (const name of Object.keys(components.schemas)) t.ok(refs.has(`components/schemas/${name}`), name)
  t.equal([...text.matchAll(/"\$ref":"(?!#\/)/g)].length, 0)
})

t.test('every close code is there, with whether to reconnect', async t => {
  const { 'x-close-codes': codes, description } = channels.webSocket
  for (const [reason, { code, description: meaning }] of Object.entries(closeCodes)) {
    t.match(codes.find(entry => entry.code === code), { reason, reconnect: code < 4500, description: meaning })
    t.ok(description.includes(`| ${code} | \`${reason}\` | ${code < 4500 ? 'reconnect' : 'don\'t'} | ${meaning} |\n`), reason)
  }
  for (const { code } of Object.values(standardCloseCodes)) t.ok(description.includes(`| ${code} |  |`), String(code))
  t.equal(codes.length, Object.keys(closeCodes).length + Object.keys(standardCloseCodes).length)
})

t.test('the committed document is what the code emits, time after time', async t => {
  t.equal(await readFile('openapi/asyncapi.json', 'utf8'), `${JSON.stringify(asyncApiDocument(), null, 2)}\n`)
})

t.test('it is served, and the OpenAPI document leads to it', async t => {
  const app = await testApp(t)
  const response = await app.inject('/asyncapi.json')
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], /^application\/json/)
  t.same(response.json(), document)
  const { paths } = app.swagger() as { paths: Record<string, { get?: { description?: string } }> }
  t.notOk('/asyncapi.json' in paths)
  for (const path of ['/api/ws', '/api/events']) t.match(paths[path]?.get?.description, '](/asyncapi.json)')
})
