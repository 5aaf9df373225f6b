import createFetchClient, {
  type Client, type ClientOptions, type ClientPathsWithMethod, type FetchResponse, type MaybeOptionalInit
} from 'openapi-fetch'
import type { paths } from '../../openapi/client/http.js'
import { currentToken, type TokenSource } from './token.js'

type Method = 'get' | 'post'
type Operation<Path extends keyof paths, Name extends Method> = Extract<paths[Path][Name], object>
type Init<Path extends keyof paths, Name extends Method> = NonNullable<MaybeOptionalInit<paths[Path], Name>>

/** A call by its path. Unlike openapi-fetch's own, which takes whatever has the right parts, it refuses what is unknown. */
type Call<Name extends Method> = <Path extends ClientPathsWithMethod<Client<paths>, Name>>(
  path: Path, ...init: object extends Init<Path, Name> ? [init?: Init<Path, Name>] : [init: Init<Path, Name>]
) => Promise<FetchResponse<Operation<Path, Name>, Init<Path, Name>, `${string}/${string}`>>

export interface ApiClient extends Pick<Client<paths>, 'use' | 'eject'> {
  GET: Call<'get'>
  POST: Call<'post'>
}

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
  // It is the same client; only that its calls take no less than they are given is beyond the compiler to see.
  return client as ApiClient
}

/** A base to which paths can be appended. */
export function withoutSlash (baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '')
}
