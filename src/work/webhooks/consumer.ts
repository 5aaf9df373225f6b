import type { Direct } from '../../database/direct/index.js'
import { deliveryOf } from '../../services/webhooks/deliveries.js'
import { eventOf, typeOf } from '../../services/webhooks/events.js'
import { isWanted, type Subscriber, type Subscribers } from '../../services/webhooks/subscribers.js'
import { conditionFailure } from '../../database/faults.js'
import type { Consumer, RelayedEvent } from '../relay.js'
import type { Lanes } from './lanes.js'

/** Has every endpoint told of the messages that it wants; for those that are held they are noted. */
export function createWebhookConsumer ({ direct, subscribers, lanes }: { direct: Direct, subscribers: Subscribers, lanes: Lanes }): Consumer {
  async function tell (known: Subscriber, message: RelayedEvent['message']) {
    // What is known may be from before it was enabled.
    const subscriber = known.isHeld ? await subscribers.read(known.endpoint) : known
    if (subscriber === undefined || !isWanted(subscriber, typeOf(message))) return
    if (subscriber.isHeld) await hold(subscriber, message)
    else await lanes.add(subscriber.endpoint, message)
  }

  async function hold ({ endpoint: { endpointId } }: Subscriber, message: RelayedEvent['message']) {
    try {
      await direct.write(direct.delivery.put(deliveryOf(endpointId, eventOf(message), { state: 'held', attempts: 0 }), { absent: true }))
    } catch (error) {
      // It is noted already.
      if (conditionFailure(error) === undefined) throw error
    }
  }

  return {
    wants: message => subscribers.anyWants(typeOf(message)),
    async handle ({ message }) {
      const wanting = (await subscribers.all()).filter(subscriber => isWanted(subscriber, typeOf(message)))
      await Promise.all(wanting.map(async subscriber => await tell(subscriber, message)))
    }
  }
}
