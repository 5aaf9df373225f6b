import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import t from 'tap'
import { sharedSchemas } from '../schemas/index.js'
import { decimalPlaces } from '../src/services/decimal.js'
import { testApp } from './helper.js'

interface Schema {
  $ref?: string
  anyOf?: Schema[]
  discriminator?: { propertyName: string, mapping?: Record<string, string> }
  properties?: Record<string, { enum?: string[] }>
  examples?: unknown[]
}

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** A validator that is not the server's: as a client makes one of the document. */
function createAjv () {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  return ajv
    .addFormat('well-formed', text => text.isWellFormed())
    .addFormat('iso-4217', text => currencies.has(text))
    .addKeyword({ keyword: 'x-maxDecimals', type: 'number', validate: (places: number, value: number) => decimalPlaces(value) <= places })
}

t.test('shared schemas', async t => {
  const ajv = createAjv()
  for (const schema of sharedSchemas) ajv.addSchema(schema)
  t.equal(new Set(sharedSchemas.map(({ $id }) => $id)).size, sharedSchemas.length, 'each has a name of its own')
  for (const schema of sharedSchemas) {
    const { $id, examples = [] } = schema as Schema & { $id: string }
    const validate = ajv.getSchema($id)!
    t.ok(examples.length > 0 || 'anyOf' in schema, `${$id} has an example`)
    for (const example of examples) t.ok(validate(example), `the example of ${$id} is one`, { errors: validate.errors })
    t.notOk(validate('something else'), `${$id} refuses what is something else`)
    for (const example of examples) t.notOk(validate({ ...example as object, unheardOf: 1 }), `${$id} refuses what it doesn't know`)
  }
})

t.test('the examples of a union\'s branches are examples of the union, and of no other branch', async t => {
  const ajv = createAjv()
  for (const schema of sharedSchemas) ajv.addSchema(schema)
  const unions = sharedSchemas.filter(schema => 'anyOf' in schema) as unknown as Array<Required<Schema> & { $id: string }>
  t.same(unions.map(({ $id }) => $id), ['RespondTrade', 'Message', 'SendMessage'])
  for (const { $id, anyOf } of unions) {
    for (const { $ref } of anyOf as Array<{ $ref: string }>) {
      for (const example of (ajv.getSchema($ref)!.schema as Schema).examples!) {
        t.ok(ajv.validate($id, example), `${$ref} is a ${$id}`)
        t.same((anyOf as Array<{ $ref: string }>).map(branch => branch.$ref).filter(id => ajv.validate(id, example)), [$ref])
      }
    }
  }
})

t.test('the OpenAPI document', async t => {
  const app = await testApp(t)
  const document = JSON.parse(JSON.stringify(app.swagger())) as {
    openapi: string
    components: { schemas: Record<string, Schema> }
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>
  }
  const { components: { schemas }, paths } = document
  t.match(document.openapi, /^3\.1/)
  t.same(Object.keys(schemas).sort(), sharedSchemas.map(({ $id }) => $id!).sort(), 'the components have the names of the schemas')

  t.test('names the branches of unions and what tells them apart', async t => {
    for (const [name, propertyName, values] of [
      ['RespondTrade', 'response', { accept: 'AcceptTrade', reject: 'RejectTrade', counter: 'CounterTrade', withdraw: 'WithdrawTrade' }],
      ['Message', 'messageType', { text: 'TextMessage', tradeOffer: 'TradeOfferMessage', tradeResponse: 'TradeResponseMessage' }],
      ['SendMessage', 'messageType', { text: 'SendText', tradeOffer: 'SendTradeOffer' }]
    ] as const) {
      const mapping = Object.fromEntries(Object.entries(values).map(([value, id]) => [value, `#/components/schemas/${id}`]))
      t.same(schemas[name]?.discriminator, { propertyName, mapping }, name)
      t.same(schemas[name]?.anyOf, Object.values(mapping).map($ref => ({ $ref })), name)
      for (const [value, id] of Object.entries(values)) t.same(schemas[id]?.properties?.[propertyName]?.enum, [value], id)
    }
  })

  t.test('refers to components only, and to those that are there', async t => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref!)
    t.ok(refs.length > 20)
    for (const ref of new Set(refs)) t.ok(schemas[ref.replace('#/components/schemas/', '')] !== undefined, ref)
  })

  t.test('has the examples of every component, valid by the document alone', async t => {
    const ajv = createAjv().addSchema(document, 'document')
    for (const [name, { examples = [] }] of Object.entries(schemas)) {
      const validate = ajv.compile({ $ref: `document#/components/schemas/${name}` })
      for (const example of examples) t.ok(validate(example), name, { errors: validate.errors })
    }
  })

  t.test('has the trade routes with their bodies', async t => {
    const body = (path: string) => paths[path]?.post?.requestBody?.content['application/json']?.schema.$ref
    t.equal(body('/api/messages/trades/{messageId}/respond'), '#/components/schemas/RespondTrade')
    t.equal(body('/api/messages/{userId}'), '#/components/schemas/SendMessage')
    for (const [path, operationId] of [
      ['/api/messages/trades', 'listTrades'], ['/api/messages/trades/{messageId}', 'getTrade']
    ] as const) {
      t.match(paths[path]?.get, { operationId, summary: String, tags: ['trades'] })
    }
  })
})
