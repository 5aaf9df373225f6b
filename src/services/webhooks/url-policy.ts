import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Detail } from '../../locales/detail.js'

type UrlRefusal = Extract<Detail, `url_${string}`>
type Address = ReturnType<typeof ipaddr.process>

/** Where events may be sent. */
export interface UrlPolicy {
  /** Whether `http:` will do, and hosts that are this machine: a developer's receiver. */
  local: boolean
  /** Networks whose addresses will do though they are private, in CIDR notation. */
  allow: readonly string[]
}

/** Suffixes of names that mean something else in every network. */
const privateSuffixes = [
  'localhost', 'local', 'localdomain', 'internal', 'intranet', 'private', 'corp', 'home', 'lan', 'home.arpa', 'onion'
]

/** Azure's service address in every virtual network; it lies among public ones. */
const azureService = '168.63.129.16'

/** What is handed out of the addresses of IPv6; everything else that may look like a host's is none, or not yet. */
const global6 = ipaddr.parseCIDR('2000::/3')

/**
 * Judges a URL by itself; where its name leads is judged when a connection is made (`isAddressAllowed`).
 * @returns the URL as it is parsed, or why it isn't allowed, for whoever registers it
 */
export function judgeUrl (text: string, { local }: Pick<UrlPolicy, 'local'>): { url: URL } | { refusal: UrlRefusal } {
  if (!URL.canParse(text)) return { refusal: 'url_malformed' }
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) return { refusal: 'url_scheme' }
  if (url.username !== '' || url.password !== '') return { refusal: 'url_credentials' }
  if (url.href.includes('#')) return { refusal: 'url_fragment' }
  const refusal = judgeHost(hostOf(url), local)
  return refusal === undefined ? { url } : { refusal }
}

/** A URL's host without the brackets of IPv6 and the dot at the end of a name that is complete. */
function hostOf ({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.replace(/\.$/, '')
}

function judgeHost (host: string, local: boolean): UrlRefusal | undefined {
  // Parsed, every spelling of an address has become the usual one.
  if (isIP(host) !== 0) return local && isLoopback(host) ? undefined : 'url_address'
  if (local && host === 'localhost') return undefined
  const labels = host.split('.')
  if (labels.includes('')) return 'url_empty_label'
  if (labels.length === 1) return 'url_without_dot'
  return privateSuffixes.some(suffix => host.endsWith(`.${suffix}`)) ? 'url_private_name' : undefined
}

/**
 * Whether an address may be connected to: one of the public internet, or one that is allowed.
 * @param address of IPv4 or IPv6; anything else isn't allowed
 */
export function isAddressAllowed (address: string, { local, allow }: UrlPolicy): boolean {
  if (isIP(address) === 0) return false
  // That an IPv4 address is written as one of IPv6 makes it no other.
  const parsed = ipaddr.process(address)
  if (allow.some(network => isWithin(parsed, ipaddr.parseCIDR(network)))) return true
  if (parsed.range() === 'loopback') return local
  if (parsed.range() !== 'unicast' || parsed.toString() === azureService) return false
  return parsed.kind() === 'ipv4' || isWithin(parsed, global6)
}

/** Whether an address is this machine's own, in whatever way it is written. */
export function isLoopback (address: string): boolean {
  return ipaddr.process(address).range() === 'loopback'
}

function isWithin (address: Address, network: ReturnType<typeof ipaddr.parseCIDR>): boolean {
  return address.kind() === network[0].kind() && address.match(network)
}
