/**
 * A receiver of webhooks, as small as one can be: `npm run receiver -- <secret>`. It verifies what comes with the public library, answers at
 * once and prints it. PORT says where it listens (4000).
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { WebhookEvent } from '../../client/src/webhooks.js'

const [secret] = process.argv.slice(2)
if (secret === undefined) {
  process.stderr.write('Usage: npm run receiver -- <the secret of the endpoint, whsec_…>\n')
  process.exit(1)
}
const webhook = new Webhook(secret)
const port = Number(process.env.PORT ?? 4000)
/** Events come at least once: what came before under the same id is left out. Keep these ids where they outlive the process. */
const seen = new Set<string>()

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString()
  try {
    webhook.verify(body, request.headers as Record<string, string>)
  } catch (error) {
    process.stdout.write(`refused: ${(error as Error).message}\n`)
    response.writeHead(401).end()
    return
  }
  response.writeHead(204).end()
  const id = String(request.headers['webhook-id'])
  process.stdout.write(`${id}${seen.has(id) ? ' (again)' : ''} ${describe(JSON.parse(body) as WebhookEvent)}\n`)
  seen.add(id)
}).listen(port, function (this: Server) {
  process.stdout.write(`Listening at http://localhost:${(this.address() as AddressInfo).port}/\n`)
})

/** An event in a line: its type says what its data is. */
function describe (event: WebhookEvent): string {
  switch (event.type) {
    case 'message.created':
      return `${event.type}: ${event.data.message.senderId} says ${JSON.stringify(event.data.message.text)}`
    case 'trade.expiring':
      return `${event.type}: ${event.data.offer.messageId} in ${event.data.hoursLeft} h`
    case 'user.reported':
      return `${event.type}: ${event.data.report.reporterId} reports ${event.data.report.userId} for ${event.data.report.reason}`
    case 'attachment.infected':
      return `${event.type}: ${event.data.attachment.attachmentId}, which ${event.data.attachment.senderId} sent`
    case 'endpoint.disabled':
      return `${event.type}: ${event.data.url}, ${event.data.reason}`
    case 'ping':
      return event.type
    default: {
      const { offer: { messageId, status, currentProposal: { totalPrice, currency } }, message: { seq } } = event.data
      return `${event.type}: ${messageId} is ${status} at ${totalPrice} ${currency} (message ${seq})`
    }
  }
}
