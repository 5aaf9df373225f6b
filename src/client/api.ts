import createFetchClient, { type Client, type ClientOptions } from 'openapi-fetch'
import type { paths } from '../../openapi/client/http.js'
import { currentToken, type TokenSource } from './token.js'

export type ApiClient = Client<paths>

export interface ApiOptions extends ClientOptions {
  /** Where the server is, e.g. `https://chat.example`. */
  baseUrl: string
  token: TokenSource
}

/** A client of the HTTP API: paths, parameters, bodies, responses and problems are typed by the server's own schemas. */
export function createClient ({ token, ...options }: ApiOptions): ApiClient {
  const client = createFetchClient<paths>({ ...options, baseUrl: withoutSlash(options.baseUrl) })
  client.use({
    async onRequest ({ request }) {
      request.headers.set('authorization', `Bearer ${await currentToken(token)}`)
    }
  })
  return client
}

/** A base to which paths can be appended. */
export function withoutSlash (baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '')
}
