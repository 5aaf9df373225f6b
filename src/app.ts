import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import type { ResolvedConfig } from '../schemas/config.js'
import type { Patience } from './database/database-client.js'
import type { HubLimits } from './hub/limits.js'
import { serverOptions } from './config/server-options.js'
import type { ErasureOptions } from './work/erase.js'
import type { ScanOptions } from './services/attachments/scan.js'
import { RequestLog } from './observability/request-log.js'
import analytics from './plugins/analytics.js'
import attachmentMeters from './plugins/attachment-meters.js'
import auth from './plugins/auth.js'
import browserSafety from './plugins/browser-safety.js'
import config from './plugins/config.js'
import cors from './plugins/cors.js'
import documents from './plugins/documents.js'
import dynamodb from './plugins/dynamodb.js'
import erasure from './plugins/erasure.js'
import errors from './plugins/errors.js'
import hub from './plugins/hub.js'
import jsonBody from './plugins/json-body.js'
import methodNotAllowed from './plugins/method-not-allowed.js'
import live from './plugins/live.js'
import locale from './plugins/locale.js'
import metrics from './plugins/metrics.js'
import redis from './plugins/redis.js'
import rateLimit from './plugins/rate-limit.js'
import reports from './plugins/reports.js'
import requestId from './plugins/request-id.js'
import requireKey from './plugins/require-key.js'
import requireUser from './plugins/require-user.js'
import scanning from './plugins/scanning.js'
import services from './plugins/services.js'
import shutdown from './plugins/shutdown.js'
import storage from './plugins/storage.js'
import webhooks, { type WebhookOptions } from './plugins/webhooks.js'
import websocket from './plugins/websocket.js'
import work from './plugins/work.js'
import worker from './plugins/worker.js'
import api from './routes/api.js'
import attachmentContent from './routes/attachments/content.js'
import integrations from './routes/integrations/index.js'
import webSocket from './routes/websocket.js'
import operation from './routes/operation.js'
import reference from './routes/reference/index.js'
import webApp from './routes/web-app/index.js'
import { EmbeddedStore } from './storage/embedded/store.js'

/**
 * Builds the server; it asks nothing of the database until the first request.
 * @param options.config with secrets filled in and DYNAMODB a URL or `aws`
 * @param options.log where to log
 * @param options.hubLimits other limits for live connections than the default ones
 * @param options.answerWithin how long a request may take, in ms, before it is refused: by default the answer is there within 3 s
 * @param options.patience how long to wait for the database, if not as long as by default
 * @param options.webhooks how events are sent to endpoints, where not as usual
 * @param options.erasure how users are erased, where not as usual
 * @param options.scan how attachments are scanned, where not as usual
 * @param options.webApp the folder of the built web app, which WEB_APP=off leaves alone; without one there is no app
 * @param options.observer a plugin that comes before all others, so that its hooks see every request
 */
export async function buildApp (options: {
  config: ResolvedConfig
  log: FastifyBaseLogger
  hubLimits?: Partial<HubLimits>
  answerWithin?: number
  patience?: Patience
  observer?: FastifyPluginAsync
  webhooks?: WebhookOptions
  erasure?: ErasureOptions
  scan?: ScanOptions
  webApp?: string
}): Promise<FastifyInstance> {
  const { answerWithin = 2700, webApp: folder } = options
  const app = fastify({ ...serverOptions(options.config, options.log), logController: new RequestLog() })
  if (options.observer !== undefined) await app.register(options.observer)

  await app.register(config, options)
  await app.register(locale)
  await app.register(metrics)
  await app.register(errors)
  await app.register(requestId)
  await app.register(browserSafety)
  await app.register(shutdown)
  await app.register(jsonBody)
  await app.register(documents)
  await app.register(methodNotAllowed)
  await app.register(cors)
  await app.register(auth)
  await app.register(redis)
  await app.register(rateLimit)
  await app.register(requireUser)
  await app.register(dynamodb, { patience: options.patience })
  await app.register(storage)
  await app.register(attachmentMeters)
  await app.register(hub, { limits: options.hubLimits })
  await app.register(work)
  await app.register(services, { answerWithin })
  await app.register(requireKey)
  await app.register(live)
  await app.register(websocket)

  await app.register(webhooks, options)
  await app.register(reports)
  await app.register(scanning, options)
  await app.register(erasure, options)
  await app.register(analytics)
  await app.register(worker)

  await app.register(operation)
  await app.register(reference)
  // One that only works serves nobody but operators.
  if (app.config.WORKER !== 'only') {
    await app.register(webSocket, { prefix: '/api' })
    await app.register(api, { prefix: '/api', answerWithin })
    if (app.storage instanceof EmbeddedStore) await app.register(attachmentContent, { prefix: '/api/attachments', store: app.storage })
    await app.register(integrations, { prefix: '/api/integrations', answerWithin })
    if (app.config.WEB_APP === 'on' && folder !== undefined) await app.register(webApp, { folder })
  }
  app.refuseOtherMethods()
  return app
}
