import { request, type Dispatcher } from 'undici'
import type { DeliveryFault } from '../../../schemas/delivery.js'
import { judgeUrl, type UrlPolicy } from '../../services/webhooks/url-policy.js'
import { AddressRefused } from './agent.js'

/** How long an attempt may take until the answer's status is there, in ms. */
const patience = 15_000
/** How much of an answer is taken, in bytes, and for how long, in ms, so that its connection can be used again. Nobody looks at it. */
const answerLimit = { bytes: 4096, ms: 1000 }

/** What became of an attempt: a status where there was an answer, else a fault. */
export interface Attempt {
  /** Whether the receiver has it for good: a status of 2xx. */
  ok: boolean
  status?: number
  fault?: DeliveryFault
  /** The header of that name. */
  retryAfter?: string
  milliseconds: number
}

/** Makes one attempt at sending a body to a URL; it never throws. */
export type Send = (url: string, headers: Record<string, string>, body: string) => Promise<Attempt>

/**
 * @param options.agent makes the connections
 * @param options.userAgent what it calls itself
 * @param options.within how long an attempt may take, in ms
 */
export function createSend ({ agent, policy, userAgent, within = patience }: {
  agent: Dispatcher, policy: UrlPolicy, userAgent: string, within?: number
}): Send {
  return async (url, headers, body) => {
    const startedAt = performance.now()
    const outcome = await attempt(url, headers, body).catch((error: unknown) => ({ fault: faultOf(error) }))
    const status = 'status' in outcome ? outcome.status : undefined
    return { ...outcome, ok: status !== undefined && status >= 200 && status < 300, milliseconds: Math.round(performance.now() - startedAt) }
  }

  async function attempt (url: string, headers: Record<string, string>, body: string) {
    // What was allowed when it was registered need not be so still.
    const judged = judgeUrl(url, policy)
    if ('refusal' in judged) return { fault: 'url_not_allowed' as const }
    // Redirects aren't followed unless that is asked for.
    const response = await request(judged.url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...headers },
      body,
      headersTimeout: within,
      signal: AbortSignal.timeout(within)
    })
    const { statusCode: status, headers: { 'retry-after': retryAfter } } = response
    await discard(response.body)
    return { status, retryAfter: [retryAfter].flat()[0] }
  }
}

/** Takes what little of an answer is needed for the connection to be used again, or ends that. */
async function discard (body: Dispatcher.ResponseData['body']) {
  // An answer that breaks off has had its status all the same.
  body.on('error', () => {})
  const timer = setTimeout(() => body.destroy(), answerLimit.ms)
  await body.dump({ limit: answerLimit.bytes }).catch(() => {})
  clearTimeout(timer)
}

const notFound = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_FAIL'])

/** An error of a connection in one word: the texts of errors hold addresses. */
function faultOf (error: unknown): DeliveryFault {
  if (error instanceof AddressRefused) return 'address_not_allowed'
  const { name, code = '', message } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(code)) return 'timeout'
  if (notFound.has(code)) return 'host_not_found'
  if (message.startsWith('Proxy response')) return 'proxy_refused'
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO)|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'tls_failed'
  return name === 'HTTPParserError' ? 'answer_invalid' : 'connection_failed'
}
