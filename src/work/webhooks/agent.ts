import { lookup as systemLookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, ProxyAgent, type Dispatcher } from 'undici'
import { isAddressAllowed, isLoopback, type UrlPolicy } from '../../services/webhooks/url-policy.js'

/** Finds all addresses of a name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>

/** A host leads where events must not be sent. */
export class AddressRefused extends Error {
  constructor () {
    super('The host leads to an address that is not allowed')
    this.name = 'AddressRefused'
  }
}

/** How long a connection may take to stand, in ms; the whole attempt has a limit of its own. */
const connectTimeout = 10_000
const perOrigin = { connections: 4, pipelining: 1, keepAliveTimeout: 10_000 }

/**
 * What makes the connections on which events are sent: only to addresses that the policy allows. Every name is resolved here, once
 * a connection, all of its addresses are judged, and exactly those are connected to: what the name says a moment later doesn't
 * matter. Addresses as hosts never ask a resolver, so that they are judged apart.
 *
 * With a proxy everything goes through it, and it resolves and judges.
 * @param options.proxy its URL
 * @param options.resolve by default as the system does
 */
export function createAgent ({ policy, proxy, resolve = resolveBySystem }: {
  policy: UrlPolicy, proxy?: string, resolve?: Resolve
}): Dispatcher {
  if (proxy !== undefined) return new ProxyAgent({ uri: proxy, ...perOrigin })
  const connect = buildConnector({ timeout: connectTimeout, lookup: judgedLookup(policy, resolve) } as buildConnector.BuildOptions)
  return new Agent({
    ...perOrigin,
    connect (options, callback) {
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1')
      if (isIP(host) !== 0 && !(policy.local && isLoopback(host))) callback(new AddressRefused(), null)
      else connect(options, callback)
    }
  })
}

async function resolveBySystem (hostname: string): Promise<LookupAddress[]> {
  return await systemLookup(hostname, { all: true })
}

/** One address that isn't allowed is enough: whoever mixes them means the private one. */
function judgedLookup (policy: UrlPolicy, resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(found => {
      const [first] = found
      if (first === undefined || !found.every(({ address }) => isAddressAllowed(address, policy))) throw new AddressRefused()
      if (all) callback(null, found)
      else callback(null, first.address, first.family)
    }).catch((error: NodeJS.ErrnoException) => callback(error, []))
  }
}
