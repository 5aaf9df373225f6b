import type { FastifyRequest } from 'fastify'
import { pino, type DestinationStream } from 'pino'
import type { Config } from '../../schemas/config.js'

/** How many characters are written together, and after how many milliseconds fewer are. */
const [together, soon] = [4096, 200]

let standardOutput: DestinationStream | undefined

/**
 * The log: JSON lines on the standard output, or readable ones on a developer's terminal.
 * @param config LOG_LEVEL and NODE_ENV are read
 * @param destination takes the JSON lines instead
 */
export function createLogger (config: Pick<Config, 'LOG_LEVEL' | 'NODE_ENV'>, destination?: DestinationStream) {
  const readable = destination === undefined && config.NODE_ENV !== 'production' && process.stdout.isTTY
  return pino({
    level: config.LOG_LEVEL,
    // Whatever an error carries besides (an item, a request) may hold the text of a message: it isn't logged.
    serializers: { err: logError, req: logRequest },
    ...(readable ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {})
  }, readable ? undefined : destination ?? (standardOutput ??= openStandardOutput()))
}

/** A line by itself would cost a tenth of what a request does. Pino sees to it that nothing is left when the process ends by itself. */
function openStandardOutput (): DestinationStream {
  const stream = pino.destination({ sync: false, minLength: together })
  setInterval(() => stream.flush(), soon).unref()
  return stream
}

interface LoggedError {
  type: string
  message: string
  stack: string | undefined
  code?: unknown
  cause?: LoggedError
}

function logError ({ name, message, stack, cause, ...rest }: Error & { code?: unknown }): LoggedError {
  return {
    type: name,
    message,
    stack,
    ...(rest.code === undefined ? {} : { code: rest.code }),
    ...(cause instanceof Error ? { cause: logError(cause) } : {})
  }
}

/** By the route's pattern: a path says who talks to whom, and somebody will put a token into the query. */
function logRequest ({ method, routeOptions: { url: route }, ip }: FastifyRequest) {
  return { method, route, remoteAddress: ip }
}
