import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import type { Config } from '../../../schemas/config.js'

/** What a proxy writes into a request that it passes on: then somebody else made it. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** Whether a caller may say who it is without any proof: on a developer's machine, whose tokens are made here, and from that machine only. */
export function mayNameItself ({ NODE_ENV: environment, JWT_SECRET: secrets }: Config, request: FastifyRequest): boolean {
  return environment === 'development' && secrets !== undefined && isLocal(request)
}

/**
 * Whether a request comes from this machine, from no page but one of this server. A browser here also carries the requests of pages from
 * elsewhere: those have another Origin, or, where their host's name was made to lead here, another Host.
 */
function isLocal ({ headers, raw: { socket } }: FastifyRequest): boolean {
  if (proxyHeaders.some(name => name in headers)) return false
  const host = hostOf(`http://${headers.host}`)
  if (host === undefined || !isLoopback(socket.remoteAddress ?? '') || !isLoopbackName(host.hostname)) return false
  return headers.origin === undefined || hostOf(headers.origin)?.host === host.host
}

function hostOf (url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

function isLoopbackName (hostname: string): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** IPv4, also as IPv6 writes it, and IPv6. */
function isLoopback (address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
