import rateLimit from '@fastify/rate-limit'

/**
 * Whom an address stands for where requests are counted. A network of IPv6 is one customer's: 2 ** 64 addresses of it are no
 * more than one.
 */
export function addressKey (ip: string): string {
  return rateLimit.normalizeIP(ip)
}
