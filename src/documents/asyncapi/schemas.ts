import { sharedSchemas } from '../../../schemas/index.js'

const shared = new Map<string, object>(sharedSchemas.map(schema => [schema.$id!, schema]))

/** Where a schema is in the document. */
export const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/**
 * The schemas of the document: those given and every shared one that they lead to.
 * @param own schemas by name; they refer to each other and to shared ones by name
 */
export function schemaComponents (own: Record<string, object>): Record<string, object> {
  const found = new Map(Object.entries(own))
  // What is added meanwhile is visited too.
  for (const [, schema] of found) {
    for (const name of referredTo(schema)) if (!found.has(name)) found.set(name, shared.get(name)!)
  }
  return Object.fromEntries([...found].map(([name, schema]) => [name, toComponent(schema)]))
}

function referredTo (schema: object) {
  return [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name!)
}

/**
 * A schema as JSON with references to components. OpenAPI's discriminator has no counterpart: that of AsyncAPI is a string
 * whose values are names of schemas, and the branches are told apart by their constants anyway.
 */
export function toComponent (schema: object): object {
  return JSON.parse(JSON.stringify(schema, (key, value) => {
    if (key === '$id' || key === 'discriminator') return undefined
    return key === '$ref' ? schemaRef(value).$ref : value
  }))
}
