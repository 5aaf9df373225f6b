import type { TSchema } from '@sinclair/typebox'
import { clientFrameSchemas, serverFrameSchemas, socketOnlyFrames, streamOnlySchemas } from '../../../schemas/events.js'
import { schemaRef, toComponent } from './schemas.js'

/** A message of the document and the schema of its payload, if that is not a shared one. */
export interface MessagePart {
  /** The type of the frame or event. */
  type: string
  message: { name: string, summary: string, payload: object, examples: Array<{ payload: unknown }>, [field: string]: unknown }
  schemas: Record<string, object>
}

interface Frame {
  description: string
  properties: Record<string, TSchema>
  examples: Array<{ data: object & { cursor?: string }, cursor?: string }>
}

const capital = (type: string) => type.charAt(0).toUpperCase() + type.slice(1)

/** Frames that clients send. */
export const clientMessages = Object.entries(clientFrameSchemas).map(([type, schema]) => frameMessage('client', type, schema as never))

/** Frames that the server sends; their data has a schema of its own, which the stream's events share. */
export const serverMessages = Object.entries(serverFrameSchemas).map(([type, schema]) => {
  const { data } = schema.properties as Frame['properties']
  if (data === undefined || '$ref' in data) return frameMessage('server', type, schema as never)
  const name = `${capital(type)}Data`
  const part = frameMessage('server', type, { ...schema, properties: { ...schema.properties, data: { $ref: name } } } as never)
  return { ...part, schemas: { ...part.schemas, [name]: data } }
})

/** The same as events of the stream, and those that only a stream has. */
export const streamMessages = [
  ...Object.entries(serverFrameSchemas as unknown as Record<string, Frame>)
    .filter(([type]) => !socketOnlyFrames.has(type))
    .map(([type, schema]) => streamMessage(type, schema)),
  ...Object.entries(streamOnlySchemas as unknown as Record<string, Frame>).map(([type, schema]) => ({
    ...streamMessage(type, schema), schemas: { [`${capital(type)}Data`]: schema.properties.data! }
  }))
]

function frameMessage (side: 'client' | 'server', type: string, { examples, ...schema }: Frame): MessagePart {
  const payload = `${capital(side)}${capital(type)}`
  return {
    type,
    message: {
      name: `${side}${capital(type)}`,
      title: `${capital(side)}: ${type}`,
      summary: schema.description,
      payload: schemaRef(payload),
      ...'id' in schema.properties && { correlationId: { $ref: '#/components/correlationIds/frameId' } },
      examples: examples.map(payload => ({ payload }))
    },
    schemas: { [payload]: schema }
  }
}

function streamMessage (type: string, { description, examples, properties }: Frame): MessagePart {
  const data = properties.data!
  // What has no cursor beside its data but in it (connected, resumed) gives it as its id as well.
  const cursor: TSchema | undefined = properties.cursor ?? data.properties?.cursor
  return {
    type,
    message: {
      name: `stream${capital(type)}`,
      title: `Stream: ${type}`,
      summary: description,
      headers: toComponent({
        type: 'object',
        required: cursor === undefined ? ['event'] : ['event', 'id'],
        properties: { event: properties.type, ...cursor && { id: cursor } },
        additionalProperties: false
      }),
      payload: schemaRef(data.$ref ?? `${capital(type)}Data`),
      examples: examples.map(({ data, cursor = data.cursor }) => ({ headers: { event: type, id: cursor }, payload: data }))
    },
    schemas: {}
  }
}
