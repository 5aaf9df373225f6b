import { STATUS_CODES } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { problemResponses, type ProblemCode } from '../../../schemas/problem.js'
import { codesOf, problemType, type MediaType, type OpenApiDocument, type Operation, type Response } from './document.js'
import { exampleComponents, examplesOf } from './examples.js'
import { headersOf, responseHeaders } from './headers.js'
import { webhookOperations } from './webhooks.js'

/** Problems of any request, whatever it asks for: of its connection, of the router and of the server's end. */
const ofAnyRequest: ProblemCode[] = ['malformed_request', 'request_timeout', 'headers_too_large', 'internal_error', 'shutting_down']

/** Adds to the document of the routes what holds for all of them: common problems, headers, examples, no security where none is named. */
export function completeDocument (document: OpenApiDocument): OpenApiDocument {
  const operations = Object.values(document.paths).flatMap(path => Object.values(path))
  for (const operation of operations) {
    operation.security ??= []
    // The reference page fills examples in: a first try shouldn't be one with the page token of somebody else.
    for (const parameter of operation.parameters ?? []) if (parameter.required !== true) delete parameter.example
    operation.responses = completeResponses(operation, document)
    for (const media of Object.values(operation.requestBody?.content ?? {})) media.examples = examplesOf(media, document)
  }
  const responses = shareResponses(operations)
  document.webhooks = webhookOperations()
  document.components = {
    ...document.components,
    responses,
    headers: used(responseHeaders, 'headers', document.paths, responses),
    examples: used(exampleComponents(document), 'examples', document.paths, document.webhooks, responses)
  }
  return document
}

/** The components of a kind that are referred to. */
function used (components: Record<string, object>, kind: string, ...places: object[]) {
  const text = JSON.stringify(places)
  return Object.fromEntries(Object.entries(components).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)))
}

function completeResponses (operation: Operation, document: OpenApiDocument) {
  const given = operation.responses as Record<string, Response>
  const anywhere = [...Object.values(given).flatMap(codesOf), ...ofAnyRequest]
  const responses: Record<string, Response> = { ...given, ...problemResponses(...anywhere) }
  return Object.fromEntries(Object.entries(responses).map(([status, { description, content, ...rest }]) => [status, {
    description,
    headers: headersOf(operation, status, { here: codesOf({ description, content }), anywhere }),
    ...content !== undefined && {
      content: Object.fromEntries(Object.entries(content).map(([type, media]) => [type, completeMedia(type, media, document)]))
    },
    ...rest
  }]))
}

function completeMedia (type: string, { schema, example = schema?.examples?.[0], ...media }: MediaType, document: OpenApiDocument): MediaType {
  return {
    schema: type === problemType ? { $ref: '#/components/schemas/Problem' } : schema,
    ...example === undefined ? { examples: examplesOf({ schema, ...media }, document) } : { example }
  }
}

/** Takes out the error responses that are the same wherever their status occurs. */
function shareResponses (operations: Operation[]) {
  const shared: Record<string, Response> = {}
  for (const status of new Set(operations.flatMap(({ responses }) => Object.keys(responses)))) {
    const having = operations.filter(({ responses }) => status in responses)
    const [first, ...others] = having.map(({ responses }) => responses[status] as Response)
    if (!(Number(status) >= 400) || others.length === 0 || others.some(other => !isDeepStrictEqual(other, first))) continue
    const name = STATUS_CODES[status]!.replaceAll(' ', '')
    shared[name] = first!
    for (const { responses } of having) responses[status] = { $ref: `#/components/responses/${name}` }
  }
  return shared
}
