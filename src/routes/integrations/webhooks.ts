import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdempotencyHeadersSchema, ref } from '../../../schemas/common.js'
import { ChangeEndpointSchema, CreateEndpointSchema, EndpointListSchema, EndpointSchema, EndpointWithSecretSchema, NewSecretSchema } from '../../../schemas/endpoint.js'
import { EndpointIdSchema } from '../../../schemas/webhook-event.js'
import { link } from '../links.js'
import { keyProblems, keyRequired } from '../responses.js'

export const EndpointParamsSchema = Type.Object({ endpointId: EndpointIdSchema })

const NoQuerySchema = Type.Object({}, { additionalProperties: false })
const bodyProblems = ['malformed_json', 'body_too_large', 'unsupported_media_type'] as const

/** The links to what can be done with an endpoint. @param endpointId where it is found */
function endpointLinks (endpointId: string) {
  return Object.fromEntries(Object.entries({
    getEndpoint: 'The endpoint as it is', changeEndpoint: 'Change it', removeEndpoint: 'Remove it', rotateSecret: 'Get another secret', listDeliveries: 'What became of events'
  }).map(([operationId, description]) => [operationId, link(operationId, description, { endpointId })]))
}

/** Where an integration is told of events. */
const webhooks: FastifyPluginAsyncTypebox = async app => {
  const { endpoints } = app.webhooks

  app.get('/webhooks', {
    schema: {
      operationId: 'listEndpoints',
      summary: 'My endpoints',
      description: 'In the order in which they were made.',
      tags: ['webhooks'],
      security: keyRequired,
      querystring: NoQuerySchema,
      response: { 200: ref(EndpointListSchema), ...keyProblems() }
    }
  }, async ({ integration }) => ({ endpoints: await endpoints.list(integration.integrationId) }))

  app.post('/webhooks', {
    links: { 201: endpointLinks('$response.body#/endpointId') },
    schema: {
      operationId: 'createEndpoint',
      summary: 'Have events sent to a URL',
      description: 'It gets what happens from 15 s after now at the latest, signed with the `secret` of the answer ' +
        '([Standard Webhooks](https://www.standardwebhooks.com)). An integration can have 10 endpoints.',
      tags: ['webhooks'],
      security: keyRequired,
      headers: IdempotencyHeadersSchema,
      body: ref(CreateEndpointSchema),
      response: {
        201: ref(EndpointWithSecretSchema),
        ...keyProblems(...bodyProblems, 'scope_missing', 'too_many_endpoints', 'idempotency_key_reused', 'url_not_allowed')
      }
    }
  }, async ({ integration, body, headers }, reply) => {
    const { endpoint, replayed } = await endpoints.create(integration, body, headers['idempotency-key'])
    if (replayed) reply.header('idempotent-replayed', 'true')
    return reply.code(201).send(endpoint)
  })

  app.get('/webhooks/:endpointId', {
    schema: {
      operationId: 'getEndpoint',
      summary: 'One endpoint',
      description: 'Its secret isn\'t shown.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      querystring: NoQuerySchema,
      response: { 200: ref(EndpointSchema), ...keyProblems('endpoint_not_found') }
    }
  }, async ({ integration: { integrationId }, params }) => endpoints.get({ integrationId, ...params }))

  app.patch('/webhooks/:endpointId', {
    schema: {
      operationId: 'changeEndpoint',
      summary: 'Change an endpoint, or switch it on or off',
      description: 'While it is off, what it would have got is held; once it is on again that can be replayed.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      body: ref(ChangeEndpointSchema),
      response: {
        200: ref(EndpointSchema), ...keyProblems(...bodyProblems, 'scope_missing', 'endpoint_not_found', 'url_not_allowed')
      }
    }
  }, async ({ integration, params, body }) => endpoints.change(integration, params.endpointId, body))

  app.delete('/webhooks/:endpointId', {
    schema: {
      operationId: 'removeEndpoint',
      summary: 'Remove an endpoint',
      description: 'What is still to be sent there isn\'t any more.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      querystring: NoQuerySchema,
      response: { 204: Type.Unsafe<undefined>(Type.Null({ description: 'It is gone' })), ...keyProblems('endpoint_not_found') }
    }
  }, async ({ integration: { integrationId }, params }, reply) => {
    await endpoints.remove({ integrationId, ...params })
    return reply.code(204).send()
  })

  app.post('/webhooks/:endpointId/secret', {
    schema: {
      operationId: 'rotateSecret',
      summary: 'Get another secret',
      description: 'It signs from now on; the former one signs along for 24 h, one before that no longer.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      querystring: NoQuerySchema,
      response: { 200: ref(NewSecretSchema), ...keyProblems('endpoint_not_found') }
    }
  }, async ({ integration: { integrationId }, params }) => endpoints.rotate({ integrationId, ...params }))
}

export default webhooks
