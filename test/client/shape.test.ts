import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import t from 'tap'
import { readFrame } from '../../client/src/frames.js'
import { misfit, type Shape } from '../../client/src/shape.js'
import { analyticsAnswers, shapes } from '../../openapi/client/shapes.js'
import { mutate, mutations } from './mutations.js'

/** Something that comes over the wire, valid examples of it, and how the documents judge it. */
interface Subject {
  name: string
  shape: Shape
  examples: unknown[]
  /** By the document, but for properties that nobody knows. */
  isValid: ValidateFunction
  /** By its types, required properties and names only. */
  hasTypes: ValidateFunction
}

const documents = { openapi: await read('openapi'), asyncapi: await read('asyncapi') }
const lenient = ajvOf(['additionalProperties'])
const typesOnly = ajvOf([
  'additionalProperties', 'minimum', 'maximum', 'exclusiveMinimum', 'minLength', 'maxLength', 'maxItems', 'minItems', 'pattern', 'format'
], ['code', 'hoursLeft'])
const subjects = [...frames(), ...answers()]

async function read (name: string) {
  return JSON.parse(await readFile(`openapi/${name}.json`, 'utf8')) as {
    components: { schemas: object, messages: Record<string, unknown>, examples: Record<string, { value: unknown }> }, paths: Record<string, unknown>
  }
}

/** Validators of the documents, keywords left out and the values of some properties not judged. */
function ajvOf (without: string[], open: string[] = []) {
  const weaken = (value: unknown, name = ''): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(item => weaken(item))
    const left = Object.entries(value).filter(([key]) => !without.includes(key) && !(open.includes(name) && key === 'enum'))
    return Object.fromEntries(left.map(([key, part]) => [key, weaken(part, key)]))
  }
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  ajv.addFormat('well-formed', true)
  ajv.addFormat('iso-4217', /^[A-Z]{3}$/)
  for (const [name, document] of Object.entries(documents)) ajv.addSchema(weaken(document) as object, name)
  return ajv
}

function subject (name: string, shape: unknown, pointer: string, examples: unknown[]): Subject {
  const validator = (ajv: Ajv2020) => ajv.compile({ $ref: pointer })
  return { name, shape: shape as Shape, examples, isValid: validator(lenient), hasTypes: validator(typesOnly) }
}

function frames (): Subject[] {
  const { schemas, messages } = documents.asyncapi.components
  return Object.entries(schemas as Record<string, { properties: { type: { const: string } } }>).filter(([name]) => name.startsWith('Server')).map(([name, schema]) => {
    const type = schema.properties.type.const
    const message = Object.values(messages as Record<string, { name: string, examples: Array<{ payload: unknown }> }>).find(message => message.name === `server${name.slice(6)}`)
    return subject(type, { type: `=${type}`, ...shapes.frames[type] as object }, `asyncapi#/components/schemas/${name}`, message?.examples.map(({ payload }) => payload) ?? [])
  })
}

function answers (): Subject[] {
  type Responses = Record<string, { content: { 'application/json': { examples: Record<string, { $ref: string }> } } }>
  const paths = documents.openapi.paths as Record<string, Record<string, { responses: Responses }>>
  return Object.entries({ ...shapes.answers, ...analyticsAnswers }).map(([name, shape]) => {
    const [method = '', path = ''] = name.split(' ')
    const { responses } = paths[path]![method.toLowerCase()]!
    const [status, { content: { 'application/json': { examples } } }] = Object.entries(responses).find(([status]) => status.startsWith('2'))!
    const part = [path, method.toLowerCase()].map(part => part.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')).join('/')
    const pointer = `openapi#/paths/${part}/responses/${status}/content/application~1json/schema`
    const values = Object.values(examples).map(({ $ref }) => documents.openapi.components.examples[$ref.replace('#/components/examples/', '')]?.value)
    return subject(name, shape, pointer, values)
  })
}

t.test('every example of the documents fits', async t => {
  for (const { name, shape, examples } of subjects) {
    t.ok(examples.length > 0, `${name} has examples`)
    for (const example of examples) t.equal(misfit(shape, example), undefined, name)
  }
  for (const { name, examples } of frames()) for (const example of examples) t.same(readFrame(JSON.stringify(example)), { frame: example }, name)
})

t.test('what the documents know passes, and what passes has the types that they say', async () => {
  let passed = 0
  let refused = 0
  fc.assert(fc.property(fc.constantFrom(...subjects), fc.nat(), mutations, ({ shape, examples, isValid, hasTypes }, which, mutations) => {
    const example = examples[which % examples.length]
    const value = mutations.reduce((value, [choices, other]) => mutate(value, choices, other), example)
    const fits = misfit(shape, value) === undefined
    if (isValid(value)) assert.ok(fits, `${JSON.stringify(value)} is refused at ${misfit(shape, value)}`)
    if (fits) assert.ok(hasTypes(value), `${JSON.stringify(value)} passes: ${JSON.stringify(hasTypes.errors)}`)
    if (fits) passed++
    else refused++
  }), { numRuns: 3000 })
  assert.ok(passed > 300 && refused > 300, `${passed} passed, ${refused} were refused`)
})

t.test('no text is too odd to be read, as a frame or its data', async () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...Object.keys(shapes.frames), '__proto__', 'toString', ''), (text, type) => {
    const [whole, data] = [readFrame(text), readFrame(text, { type, cursor: 'c' })]
    for (const { frame, misfit } of [whole, data]) assert.ok(frame !== undefined || typeof misfit?.detail === 'string')
  }))
})

t.test('it is said where something doesn\'t fit, and nothing of what it was', t => {
  const [example] = frames().find(({ name }) => name === 'newMessage')!.examples as Array<{ data: object }>
  const read = (change: object) => readFrame(JSON.stringify({ ...example, data: { ...example!.data, ...change } })).misfit?.detail
  t.equal(read({ text: 5 }), 'newMessage doesn\'t fit its schema at /data')
  t.equal(misfit({ list: [{ n: 'i' }] }, { list: [{ n: 1 }, { n: 'secret' }] }), '/list/1/n')
  t.equal(misfit({ headers: {} }, { headers: [] }), '/headers')
  t.equal(misfit({ headers: {} }, { headers: { any: 'x' } }), undefined)
  t.equal(misfit('s', 5), '/')
  t.end()
})
