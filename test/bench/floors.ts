// A process with what the server is compared to: one write behind bare Fastify, in several ways, and bare ws. It tells its URL.
import { randomUUID } from 'node:crypto'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { Service } from 'electrodb'
import fastify from 'fastify'
import { WebSocketServer } from 'ws'
import { createDatabaseClient } from '../../src/database/client.js'
import { createEntities } from '../../src/database/entities/index.js'
import { marshalItem } from '../../src/database/lean/marshal.js'
import { Poster } from '../../src/database/lean/post.js'
import { Signer } from '../../src/database/lean/signer.js'

const { ENDPOINT: endpoint, TABLE: table } = process.env as { ENDPOINT: string, TABLE: string }
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const region = 'eu-central-1'
const text = 'Sunny tomorrow: I will have 12 kWh to spare.'
const patience = { connect: 20_000, attempt: 20_000 }

const app = fastify()
for (const [path, write] of Object.entries({ put: stockPut(), 'electrodb-sdk': electrodb('sdk'), 'electrodb-lean': electrodb('lean'), raw: raw() })) {
  app.post(`/${path}`, async () => {
    await write()
    return { text }
  })
}
// A frame as long as that of a message, to as many connections as those of the two users of a conversation, and each time to others: those that
// were written to just now would be the cheapest.
let turn = 0
app.post<{ Params: { group: string } }>('/deliver/:group', async ({ params: { group } }) => {
  const frame = JSON.stringify({ type: 'newMessage', cursor: 'c'.repeat(90), data: item('alice~bob', 1) })
  const all = [...sockets.clients]
  const first = turn++ * 20 % Math.max(all.length, 1)
  if (group === 'live') for (const socket of all.slice(first, first + 20)) socket.send(frame)
  return {}
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })
const sockets = new WebSocketServer({ server: app.server, perMessageDeflate: false })
sockets.on('connection', socket => socket.send('{"type":"connected"}'))
process.send?.({ url })

function item (conversationId: string, seq: number) {
  return {
    conversationId, seq, messageId: randomUUID(), senderId: 'alice', receiverId: 'bob', messageType: 'text' as const, text, timestamp: new Date().toISOString()
  }
}

function stockPut () {
  const client = new DynamoDBClient({ endpoint, region, credentials })
  return async () => await client.send(new PutItemCommand({
    TableName: table, Item: { pk: { S: randomUUID() }, sk: { S: 'message' }, senderId: { S: 'alice' }, text: { S: text }, timestamp: { S: new Date().toISOString() } }
  }))
}

/** A head and a message in one transaction, as a send writes them. */
function electrodb (kind: 'sdk' | 'lean') {
  const configuration = { client: createDatabaseClient({ DYNAMODB: endpoint, AWS_REGION: region, DYNAMODB_CLIENT: kind }, patience), table }
  const { entities } = createEntities(configuration)
  const service = new Service({ conversation: entities.conversation, message: entities.message }, configuration)
  return async () => {
    const conversationId = randomUUID()
    const message = item(conversationId, 1)
    const { canceled } = await service.transaction.write(({ conversation, message: messages }) => [
      conversation.put({
        conversationId,
        firstId: 'alice',
        secondId: 'bob',
        seq: 1,
        firstSent: 1,
        secondSent: 0,
        indexedAt: Date.now(),
        lastMessage: { senderId: 'alice', messageType: 'text', text, timestamp: message.timestamp }
      }).commit(),
      messages.put({ ...message, senderCount: 1 }).commit()
    ]).go()
    if (canceled) throw new Error('The transaction was cancelled')
  }
}

function raw () {
  const { origin, host } = new URL(endpoint)
  const [poster, signer] = [new Poster(patience), new Signer(host, region)]
  return async () => {
    const puts = ['head', 'message'].map(sk => `{"Put":{"TableName":"${table}","Item":${marshalItem({ pk: randomUUID(), sk, ...item('alice~bob', 1) })}}}`)
    const body = `{"TransactItems":[${puts.join(',')}]}`
    const answer = await poster.post(origin, signer.sign(credentials, 'DynamoDB_20120810.TransactWriteItems', body, Date.now()), body)
    if (answer.status !== 200) throw new Error(answer.body.toString())
    return JSON.parse(answer.body.toString()) as unknown
  }
}
