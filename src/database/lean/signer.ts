import { createHmac, hash } from 'node:crypto'

/** Who signs, as the SDK's credential providers tell. */
export interface Identity {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

const service = 'dynamodb'

/**
 * Signs requests of one endpoint by AWS Signature Version 4. Measured: 20 µs, the SDK's signer 175 µs and aws4fetch 550 µs. The key is
 * derived anew when the day or the secret changes.
 */
export class Signer {
  #key = Buffer.alloc(0)
  #keyOf = ''
  #second = NaN
  #time = ''

  /**
   * @param host as in the header `host`, without the port where it is the protocol's own
   * @param region in which the signature is valid
   */
  constructor (private readonly host: string, private readonly region: string) {}

  /**
   * The headers of a request, signed.
   * @param target the header `x-amz-target`
   * @param at when it is signed, by the clock of the service, in ms since the epoch
   */
  sign (identity: Identity, target: string, body: string, at: number): Record<string, string> {
    const { accessKeyId, sessionToken } = identity
    const time = this.#timeOf(Math.floor(at / 1000))
    const day = time.slice(0, 8)
    const scope = `${day}/${this.region}/${service}/aws4_request`
    const token = sessionToken === undefined ? '' : `x-amz-security-token:${sessionToken}\n`
    const signed = `content-type;host;x-amz-date;${sessionToken === undefined ? '' : 'x-amz-security-token;'}x-amz-target`
    const canonical = `POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:${this.host}\nx-amz-date:${time}\n${token}` +
      `x-amz-target:${target}\n\n${signed}\n${hash('sha256', body, 'hex')}`
    const signature = createHmac('sha256', this.#keyFor(identity, day))
      .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical, 'hex')}`).digest('hex')
    const headers: Record<string, string> = {
      host: this.host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': time,
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
    }
    if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken
    return headers
  }

  /** A second as the header `x-amz-date` has it. */
  #timeOf (second: number): string {
    if (second !== this.#second) {
      this.#second = second
      this.#time = `${new Date(second * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
    }
    return this.#time
  }

  #keyFor ({ secretAccessKey }: Identity, day: string): Buffer {
    const keyOf = `${day}${secretAccessKey}`
    if (keyOf !== this.#keyOf) {
      this.#key = [day, this.region, service, 'aws4_request']
        .reduce((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secretAccessKey}`))
      this.#keyOf = keyOf
    }
    return this.#key
  }
}
