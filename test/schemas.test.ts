import t from 'tap'
import { sharedSchemas } from '../schemas/index.js'
import type { OpenApiDocument, Reference } from '../src/documents/openapi/document.js'
import { Contract, createAjv } from './contract/document.js'
import { testApp } from './support/helper.js'

interface Schema {
  $ref?: string
  anyOf?: Schema[]
  discriminator?: { propertyName: string, mapping?: Record<string, string> }
  properties?: Record<string, { enum?: string[] }>
  examples?: unknown[]
}

/** Visits every object of a document, with its JSON Pointer. */
function walk (at: object, path: string, visit: (at: object, path: string) => void) {
  visit(at, path)
  for (const [key, value] of Object.entries(at)) {
    if (typeof value === 'object' && value !== null) walk(value, `${path}/${key.replaceAll('/', '~1')}`, visit)
  }
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
  const unions = sharedSchemas.filter(schema => 'discriminator' in schema) as unknown as Array<Required<Schema> & { $id: string }>
  t.same(unions.map(({ $id }) => $id), ['RespondTrade', 'Message', 'SendMessage', 'ExportLine'])
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
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
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
    const contract = new Contract(document as unknown as OpenApiDocument)
    for (const $ref of new Set(refs)) {
      t.match($ref, /^#\/components\/\w+\/\w+$/)
      t.ok(contract.resolve({ $ref }), $ref)
    }
  })

  t.test('has examples wherever something is asked for or answered, valid by the document alone', async t => {
    const contract = new Contract(document as unknown as OpenApiDocument)
    let count = 0
    walk(document, '#', (at, path) => {
      const { schema, examples, example, required } = at as { required?: boolean, schema?: object, examples?: Record<string, { value: unknown } | Reference>, example?: unknown }
      if (schema === undefined) return
      const given = example === undefined
        ? Object.entries(examples ?? {}).map(([name, one]) => [name, contract.resolve(one).value] as const)
        : [['example', example] as const]
      // Optional parameters have none on purpose: the reference page would fill them in.
      const exempt = path.includes('/parameters/') && required === false
      t.ok(given.length > 0 || exempt, `${path} has an example`)
      const validate = contract.validator(schema)
      for (const [name, value] of given) t.ok(validate(value), `${path}: ${name}`, { errors: validate.errors })
      count += given.length
    })
    t.ok(count > 100)
  })

  t.test('has valid examples in its schemas', async t => {
    const contract = new Contract(document as unknown as OpenApiDocument)
    walk(document.components.schemas, '#', (at, path) => {
      const { examples } = at as { examples?: unknown }
      if (!Array.isArray(examples)) return
      const validate = contract.validator(at)
      for (const example of examples) t.ok(validate(example), path, { errors: validate.errors })
    })
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
