/** What a server gets that has events sent to it: types, and nothing that runs. */
import type { webhooks } from '../../openapi/client/http.js'

type WebhookBodies = { [Type in keyof webhooks]: NonNullable<webhooks[Type]['post']['requestBody']>['content']['application/json'] }

/** The body of a delivery, by `type`. */
export type WebhookEvent = WebhookBodies[keyof WebhookBodies]
export type WebhookEventType = keyof WebhookBodies
