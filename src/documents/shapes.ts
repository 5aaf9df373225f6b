/** What a value looks like, for the client to check: client/src/shape.ts says how it is read. */
type Shape = string | Shape[] | { [property: string]: Shape }

interface Schema {
  $ref?: string
  anyOf?: Schema[]
  const?: unknown
  enum?: unknown[]
  type?: string | string[]
  format?: string
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

interface Documents {
  openapi: { paths: Record<string, Record<string, unknown>>, components: { schemas: Record<string, Schema> } }
  asyncapi: { components: { schemas: Record<string, Schema> } }
}

/** By type and, where it matters to whoever shows it, by format. */
const kinds: Record<string, string> = {
  string: 's', 'string date-time': 't', 'string iso-4217': 'c', number: 'n', integer: 'i', boolean: 'b', null: 'z'
}

/** The calls that users make, by what has their answers' shapes: those of all who chat, and what is loaded only by who asks. */
const groups = {
  answers: /^\/api\/messages\b/,
  accountAnswers: /^\/api\/me\b/,
  analyticsAnswers: /^\/api\/(integrations\/)?analytics\b/,
  attachmentAnswers: /^\/api\/attachments\b/
}

/** Whether a path is one that users call, with the client package. */
export function isForUsers (path: string): boolean {
  return Object.values(groups).some(paths => paths.test(path))
}

/** What the client asks for by name. */
const asked = ['Message', 'TradeOffer', 'Problem']

/**
 * Writes, as a module, what the client checks: the frames that the server sends by their type, the answers of the calls that users make, and the schemas
 * that these refer to.
 * @throws Error on a schema of a kind that there was none of, or a name that means two things
 */
export function shapesModule ({ openapi, asyncapi }: Documents): string {
  const schemas = { ...asyncapi.components.schemas, ...openapi.components.schemas }
  for (const [name, schema] of Object.entries(asyncapi.components.schemas)) {
    if (JSON.stringify(shapeOf(schema)) !== JSON.stringify(shapeOf(schemas[name]!))) throw new Error(`The documents disagree on ${name}`)
  }
  const frames = Object.fromEntries(Object.entries(asyncapi.components.schemas).flatMap(([name, { properties: { type, ...properties } = {}, ...schema }]) =>
    // The type is how its shape is found.
    name.startsWith('Server') ? [[String(type?.const), shapeOf({ ...schema, properties })]] : []))
  const answers = Object.fromEntries(Object.entries(groups).map(([name, paths]) => [name, answersOf(openapi, paths)])) as Record<keyof typeof groups, Record<string, Shape>>
  const named = schemasOf([frames, ...Object.values(answers), ...asked.map(name => `#${name}`)], schemas)
  const { accountAnswers, analyticsAnswers, attachmentAnswers, ...shapes } = inlined({ frames, ...answers, named }, schemasOf([frames, answers.answers, ...asked.map(name => `#${name}`)], schemas))
  const lines = Object.entries(shapes).map(([kind, shapes]) => `  ${kind}: ${written(shapes, '    ')}\n  }`)
  const apart = Object.entries({ accountAnswers, analyticsAnswers, attachmentAnswers }).map(([name, shapes]) =>
    `\nexport const ${name}: Record<string, unknown> = ${written(shapes, '  ')}\n}\n`)
  return `export const shapes: Record<'frames' | 'answers' | 'named', Record<string, unknown>> = {\n${lines.join(',\n')}\n}\n${apart.join('')}`
}

/** What the calls of some paths answer where all goes well, by method and path. */
function answersOf ({ paths }: Documents['openapi'], some: RegExp): Record<string, Shape> {
  return Object.fromEntries(Object.entries(paths).filter(([path]) => some.test(path)).flatMap(([path, operations]) =>
    ['get', 'post', 'put', 'delete'].flatMap(method => {
      const { responses = {} } = (operations[method] ?? {}) as Partial<Operation>
      const schema = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content?.['application/json']?.schema
      return schema === undefined ? [] : [[`${method.toUpperCase()} ${path}`, shapeOf(schema)] as const]
    })))
}

function written (shapes: Record<string, Shape>, indent: string): string {
  return `{\n${Object.entries(shapes).map(([name, shape]) => `${indent}${JSON.stringify(name)}: ${JSON.stringify(shape)}`).join(',\n')}`
}

/** The shapes of all schemas that a shape refers to, by name. */
function schemasOf (shape: Shape, schemas: Record<string, Schema>, known: Record<string, Shape> = {}): Record<string, Shape> {
  for (const name of referencesIn(shape)) {
    if (name in known) continue
    known[name] = shapeOf(schemas[name]!)
    schemasOf(known[name], schemas, known)
  }
  return known
}

function referencesIn (shape: unknown): string[] {
  return [...JSON.stringify(shape).matchAll(/"#(\w+)"/g)].map(([, name = '']) => name)
}

/** What is referred to once needs no name, nor what only those ask for who load more. @param common what everybody loads */
function inlined<Shapes extends Record<string, Record<string, Shape>>> (shapes: Shapes & { named: Record<string, Shape> }, common: Record<string, Shape>): Shapes {
  const references = [...referencesIn(shapes), ...asked, ...asked]
  const once = Object.keys(shapes.named).filter(name => !(name in common) || references.filter(other => other === name).length === 1)
  const inline = (part: unknown): unknown => {
    if (typeof part === 'string') return once.includes(part.slice(1)) ? inline(shapes.named[part.slice(1)]) : part
    if (Array.isArray(part)) return part.map(inline)
    return Object.fromEntries(Object.entries(part as object).filter(([name]) => !once.includes(name)).map(([name, one]) => [name, inline(one)]))
  }
  return inline(shapes) as Shapes
}

/** @param name of the property, if it is one */
function shapeOf (schema: Schema, name?: string): Shape {
  const { $ref, anyOf, const: only, enum: values = only === undefined ? undefined : [only], type, format, items, properties = {}, required = [] } = schema
  if ($ref !== undefined) return $ref.replace('#/components/schemas/', '#')
  if (anyOf !== undefined) return anyOf.map(one => shapeOf(one))
  if (Array.isArray(type)) return type.map(one => shapeOf(one === 'null' ? { type: one } : { ...schema, type: one }, name))
  // Codes become more: who knows none of a new one goes by the rest. There are no strings and numbers that mean the same.
  if (type === 'string' && values !== undefined && name !== 'code') return `=${values.filter(value => value !== null).join('|')}`
  if (type === 'array' && items !== undefined) return [shapeOf(items)]
  if (type === 'object') {
    const shapes = Object.entries(properties).map(([name, part]) => [required.includes(name) ? name : `${name}?`, shapeOf(part, name)] as const)
    // Of what may be missing and may hold anything there is nothing to check.
    return Object.fromEntries(shapes.filter(([name, shape]) => !name.endsWith('?') || JSON.stringify(shape) !== '{}'))
  }
  const kind = kinds[`${type} ${format}`] ?? kinds[String(type)]
  if (kind === undefined) throw new Error(`There is no shape for ${JSON.stringify(schema)}`)
  return kind
}
