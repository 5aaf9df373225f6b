import { clientFrameSchemas, serverFrameSchemas } from '../../../schemas/events.js'
import { describeCloseCodes, type CloseCode } from '../../wire/close-codes.js'
import { defaultHubLimits as limits } from '../../hub/limits.js'

const seconds = (milliseconds: number) => `${milliseconds / 1000} s`

/** How the WebSocket is used, with what closes it. */
export const webSocketDescription = `\
Each frame is JSON text: \`type\`, often \`data\`, and from the client an optional \`id\` that the answering \`ack\` or \`error\` \
repeats. Frames are handled one after another. One without an \`id\` is not acknowledged, but may be refused.

**Authentication.** By the \`Authorization\` header of the upgrade, or, from a browser, by an \`auth\` frame within \
${seconds(limits.authentication)}; never in the URL. \`connected\` says that it went well. A later \`auth\` frame with a new token \
of the same user keeps the connection from ending when the token expires.

**Missing nothing.** Durable events have a \`cursor\`. After reconnecting, \`resume\` with the last one seen (or that of \`connected\`) \
sends what was missed, each once and in order within its conversation, and ends with \`resumed\`. What this connection was sent is \
left out. A \`resume\` that has something to read may be sent ${limits.resumeBurst} times at once and then every \
${seconds(limits.resumeInterval)}: one too many waits for its turn with the frames behind it, more are refused with \`rate_limited\`.

**Limits.** ${limits.frame / 1024} KiB a frame, ${limits.frameBurst} frames at once and ${limits.framesPerSecond} a second, \
${limits.connectionsPerUser} connections a user: one more is refused, or takes the place of the oldest with \`takeOver\` in its \`auth\` frame. \
Without a header, an address may have ${limits.newcomersPerAddress} connections open that wait for an \`auth\` frame; each that ends without a good \
one counts for the address like a bad token, and too many in a minute get 429. Frames other than \`pong\` count with the user's requests: too many in a minute \
are refused with \`rate_limited\`. Every ${seconds(limits.heartbeat)} the server sends \`ping\`, and closes a connection \
from which nothing was heard for ${seconds(limits.heartbeat + limits.heartbeatGrace)}. A client that reads slowly loses \`typing\`, \
\`stopTyping\` and \`presence\` first.

**Close codes.** Where it says reconnect, wait a random while first. A connection that ended without a code (1006) is to be \
reconnected too.

| Code | Reason | Reconnect? | Meaning |
| --- | --- | --- | --- |
${describeCloseCodes().map(closeCodeRow).join('\n')}
`

/** How the stream is used. */
export const streamDescription = `\
Server-Sent Events (WHATWG HTML, section 9.2) for hosts that pass no WebSocket. The field \`event\` is the type, \`id\` the cursor, \
\`data\` the payload, which is the \`data\` of the WebSocket's frame; the fields other than \`data\` are given as headers here.

The request needs \`Authorization: Bearer\`. With \`Last-Event-ID\`, the last \`id\` seen, the stream begins with what was missed and \
then says \`resumed\`. With \`takeOver=true\` the user's oldest connection gives way where there are too many. Every \
${seconds(limits.heartbeat)} there is a comment. The stream ends by itself after a while: reconnect with the last id. Where it ends for a \
reason that has a close code, \`closed\` says so last: do as the WebSocket's table says. Refusals are in the [OpenAPI document](/openapi.json).
`

/** The frames of the WebSocket with an example of each, for people. */
export const framesDescription = `\
**Frames that a client sends.**

${frameList(clientFrameSchemas)}

**Frames that the server sends.** A durable event (\`newMessage\`, \`tradeResponse\`) has a \`cursor\` beside its \`data\`.

${frameList(serverFrameSchemas)}
`

function frameList (schemas: Record<string, { description?: string, examples?: unknown }>) {
  return Object.entries(schemas).map(([type, { description, examples }]) =>
    `\`${type}\`: ${description}.\n\n\`\`\`json\n${JSON.stringify((examples as unknown[])[0], null, 2)}\n\`\`\``).join('\n\n')
}

function closeCodeRow ({ code, reason, reconnect, description }: CloseCode) {
  return `| ${code} | ${reason === undefined ? '' : `\`${reason}\``} | ${reconnect ? 'reconnect' : 'don\'t'} | ${description} |`
}
