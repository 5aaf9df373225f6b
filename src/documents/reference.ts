import { isForUsers } from './shapes.js'
import type { MediaType, OpenApiDocument, Operation, Reference } from './openapi/document.js'

interface AsyncApi {
  components: {
    schemas: Record<string, object>
    messages: Record<string, { name: string, title?: string, summary: string, payload: object, examples: Array<{ payload: unknown }> }>
  }
}

const tags = {
  live: 'What the server sends over the WebSocket',
  frames: 'What a client sends over the WebSocket'
}

/**
 * One document for the reference page: the OpenAPI document, the live events of the AsyncAPI document beside its webhooks, and how a call looks with
 * the client package.
 * @param openapi it is changed
 */
export function referenceDocument (openapi: OpenApiDocument, asyncapi: AsyncApi): OpenApiDocument {
  for (const [path, operations] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const sample = callOf(path, method, operation, openapi)
      if (sample !== undefined) Object.assign(operation, { 'x-codeSamples': [{ lang: 'TypeScript', label: 'TypeScript', source: sample }] })
    }
  }
  const { schemas, messages } = asyncapi.components
  openapi.components.schemas = { ...schemas, ...openapi.components.schemas }
  for (const message of Object.values(messages)) {
    const kind = message.name.startsWith('server') ? 'live' : message.name.startsWith('client') ? 'frames' : undefined
    if (kind !== undefined) openapi.webhooks = { ...openapi.webhooks, [message.name]: { post: asWebhook(message, kind) } }
  }
  const described = openapi as unknown as { tags: Array<{ name: string, description: string }> }
  described.tags.push(...Object.entries(tags).map(([kind, description]) => ({ name: names[kind as keyof typeof tags], description })))
  return openapi
}

const names = { live: 'live events', frames: 'frames of clients' }

function asWebhook ({ name, summary, payload, examples }: AsyncApi['components']['messages'][string], kind: keyof typeof tags) {
  const type = name.replace(/^(server|client)/, '')
  return {
    operationId: name,
    summary: type.charAt(0).toLowerCase() + type.slice(1),
    description: `${summary}.`,
    tags: [names[kind]],
    security: [],
    requestBody: { content: { 'application/json': { schema: payload, examples: Object.fromEntries(examples.map((example, n) => [`example ${n + 1}`, { value: example.payload }])) } } },
    responses: {}
  }
}

/** @returns undefined for calls that the client package doesn't make */
function callOf (path: string, method: string, { parameters = [], requestBody, responses }: Operation, document: OpenApiDocument): string | undefined {
  const isTyped = Object.entries(responses).some(([status, answer]) => status === '204' || (status < '3' && 'content' in answer && 'application/json' in answer.content!))
  if (!isForUsers(path) || !isTyped) return undefined
  const given = parameters.filter(({ in: place, example }) => place === 'path' && example !== undefined).map(({ name, example }) => `${name}: ${JSON.stringify(example)}`)
  const params = given.length === 0 ? [] : [`  params: { path: { ${given.join(', ')} } }`]
  const body = exampleOf(Object.values(requestBody?.content ?? {})[0], document)
  const init = [...params, ...body === undefined ? [] : [`  body: ${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}`]]
  return [
    'import { createClient } from \'equilux-chat-client\'', '',
    'const api = createClient({ baseUrl: \'http://localhost:8080\', token })',
    `const { data, error } = await api.${method.toUpperCase()}('${path}'${init.length === 0 ? '' : `, {\n${init.join(',\n')}\n}`})`
  ].join('\n')
}

function exampleOf ({ examples = {} }: MediaType = {}, { components }: OpenApiDocument): unknown {
  const [first] = Object.values(examples)
  const name = (first as Partial<Reference> | undefined)?.$ref?.split('/').at(-1)
  return ((name === undefined ? first : components.examples?.[name]) as { value?: unknown } | undefined)?.value
}
