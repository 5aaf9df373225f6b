import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'

/** One line a request, when it has ended; of a stream when that has. A granted upgrade never ends: who speaks on it logs it. */
export class RequestLog extends LogController {
  override incomingRequest (): void {}

  override requestCompleted (error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = requestLine(request, reply.statusCode, reply.elapsedTime)
    if (error == null) reply.log.info(line, 'request completed')
    else reply.log.error({ ...line, err: error }, 'request errored')
  }
}

/**
 * What is logged of a request, with the integration that made it and its key. It goes by the route's pattern: a path says who talks to whom, and somebody will put a token into the query.
 * @param elapsed how long it took, in ms, where it has ended
 */
export function requestLine ({ method, routeOptions, ip, integration }: FastifyRequest, status: number, elapsed?: number) {
  const ms = elapsed === undefined ? undefined : Math.round(elapsed * 10) / 10
  const { integrationId, keyId } = integration ?? {}
  return { method, route: routeOptions.url, status, ms, remoteAddress: ip, integrationId, keyId }
}
