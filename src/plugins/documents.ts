import swagger from '@fastify/swagger'
import fp from 'fastify-plugin'
import { sharedSchemas } from '../../schemas/index.js'
import { locales } from '../../schemas/locales.js'
import { keyScheme, title, tokenScheme, version } from '../documents/about.js'
import { completeDocument } from '../documents/openapi/complete.js'
import type { OpenApiDocument } from '../documents/openapi/document.js'

/** The OpenAPI document, made from the schemas of the routes. */
export default fp(async app => {
  for (const schema of sharedSchemas) app.addSchema(schema)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title,
        version,
        description: 'Messages between energy prosumers. Live events come over the WebSocket at `/api/ws` or the stream at ' +
          '`/api/events`; the [AsyncAPI document](/asyncapi.json) describes them.\n\n' +
          `Problems are worded in the language that \`Accept-Language\` asks for, of ${locales.join(', ')}; else in that of the token's \`locale\` claim. ` +
          'Their `code`, and the `keyword` and `params` of a violation, are the same in all.',
        license: { name: 'MIT', identifier: 'MIT' }
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: [
        { name: 'messages', description: 'Send and read messages' },
        { name: 'trades', description: 'Negotiate trade offers' },
        { name: 'analytics', description: 'Figures of what was traded' },
        { name: 'attachments', description: 'Files that messages have' },
        { name: 'conversations', description: 'Conversations and read positions' },
        { name: 'users', description: 'Whom to talk to' },
        { name: 'me', description: 'What concerns the caller alone: blocks, mutes, reports and the account' },
        { name: 'live', description: 'Events as they happen' },
        { name: 'integrations', description: 'For servers with a key of their own' },
        { name: 'webhooks', description: 'Events that are sent to servers' },
        { name: 'operation', description: 'For operators and their machines' }
      ],
      components: {
        securitySchemes: { token: tokenScheme, key: keyScheme }
      }
    },
    transformObject: document => {
      if (!('openapiObject' in document)) throw new TypeError('This is not an OpenAPI document')
      return completeDocument(document.openapiObject as OpenApiDocument) as typeof document.openapiObject
    },
    // The components are named after the schemas, not def-0, def-1 …
    refResolver: { buildLocalReference: json => String(json.$id) }
  })
}, { name: 'documents' })
