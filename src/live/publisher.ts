import type { Hub } from '../hub/hub.js'
import type { HappeningListener } from '../services/happenings.js'
import { messageEvent } from '../services/messaging/message-views.js'
import { showOffer } from '../services/trading/offer-views.js'

/**
 * Publishes what happened to the live connections of the two users whom it concerns: to the sender of a message with the name that the
 * sender's client gave it; what somebody has read to the other only if the two are acquainted.
 */
export function publishTo (hub: Hub): HappeningListener {
  return happening => {
    if (happening.type === 'message') {
      const { message, offer, previousAt } = happening
      const { senderId, receiverId, clientId } = message
      const own = clientId === undefined ? undefined : { userId: senderId, clientId }
      hub.publish([senderId, receiverId], messageEvent({ message, offer }), { previousAt, own })
    } else if (happening.type === 'expiring') {
      const { offer, hoursLeft } = happening
      hub.publish([offer.senderId, offer.receiverId], { type: 'tradeExpiring', data: { offer: showOffer(offer), hoursLeft } })
    } else if (happening.type === 'read') {
      const { userId, otherId, areAcquainted, conversationId, seq, unreadCount } = happening
      hub.publish([userId], { type: 'read', data: { userId, conversationId, seq, unreadCount } })
      if (areAcquainted) hub.publish([otherId], { type: 'read', data: { userId, conversationId, seq } })
    }
  }
}
