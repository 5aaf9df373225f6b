import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { envSchema } from 'env-schema'
import ipaddr from 'ipaddr.js'
import { ConfigSchema, type Config, type Environment } from '../../schemas/config.js'
import { isCurrency } from '../shared/currency.js'
import { PlainError } from '../shared/plain-error.js'

/** The secret that .env.example shows: public, so refused in production. */
export const exampleSecret = 'example-secret-change-me-0123456789abcdef'

/** A copy, since env-schema changes what it is given; always the same one, which is compiled once. */
const schema = structuredClone(ConfigSchema)

/** Says everything that is wrong with the configuration, not just the first thing. */
export class ConfigError extends PlainError {
  constructor (readonly problems: string[]) {
    super(`The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n` +
      problems.map(problem => `  - ${problem}`).join('\n'))
    this.name = 'ConfigError'
  }
}

/**
 * The process environment over the values of an optional `.env` file.
 * @param path the file; it may be absent
 */
export function readEnvironment (path = '.env'): NodeJS.Dict<string> {
  try {
    return { ...parseEnv(readFileSync(path, 'utf8')), ...process.env }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return process.env
    throw error
  }
}

/**
 * Validates an environment and fills in the defaults. An empty value counts as unset.
 * @param env variables by name
 * @throws ConfigError listing every problem
 */
export function loadConfig (env: NodeJS.Dict<string>): Config {
  const data = Object.fromEntries(Object.entries(env).filter(([name, value]) =>
    name in ConfigSchema.properties && value !== undefined && value.trim() !== ''))
  const problems: string[] = []
  let config: Environment
  try {
    config = envSchema<Environment>({ schema, data, env: false })
  } catch (error) {
    problems.push(...schemaProblems(error))
    // The rest is judged as well, on what was given, so that one start shows every problem.
    config = {
      ...data,
      CLIENT_URL: split(data.CLIENT_URL ?? '*'),
      JWT_SECRET: data.JWT_SECRET?.split(','),
      CURSOR_SECRET: data.CURSOR_SECRET?.split(','),
      TRUST_PROXY: undefined,
      WEBHOOK_ALLOW: data.WEBHOOK_ALLOW?.split(','),
      OIDC_ORIGINS: data.OIDC_ORIGINS?.split(','),
      EMBED_ORIGINS: data.EMBED_ORIGINS?.split(',')
    } as Environment
  }
  config.CLIENT_URL = config.CLIENT_URL.map(trim).filter(Boolean)
  config.TRUST_PROXY = config.TRUST_PROXY?.map(trim).filter(Boolean)
  config.WEBHOOK_ALLOW = config.WEBHOOK_ALLOW?.map(trim).filter(Boolean)
  config.OIDC_ORIGINS = config.OIDC_ORIGINS?.map(trim).filter(Boolean)
  config.EMBED_ORIGINS = config.EMBED_ORIGINS?.map(trim).filter(Boolean)
  config.JWT_SECRET = config.JWT_SECRET?.map(trim).filter(Boolean)
  config.CURSOR_SECRET = config.CURSOR_SECRET?.map(trim).filter(Boolean)
  const resolved: Config = {
    ...config,
    // A developer's machine is no server for those who share its network.
    HOST: config.HOST ?? (config.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    ATTACHMENTS: config.ATTACHMENTS ?? (config.NODE_ENV === 'production' ? 'off' : 'embedded'),
    // Its work costs request units.
    ANALYTICS: config.ANALYTICS ?? (config.NODE_ENV === 'production' ? 'off' : 'on'),
    DYNAMODB: config.DYNAMODB ?? (config.NODE_ENV === 'production' ? 'aws' : 'embedded'),
    AWS_REGION: config.AWS_REGION ?? 'eu-central-1'
  }
  problems.push(...valueProblems(config), ...authenticationProblems(config), ...originProblems(config), ...signInProblems(config), ...webhookProblems(config), ...attachmentProblems(resolved))
  if (config.NODE_ENV === 'production') problems.push(...productionProblems(resolved, data))
  if (problems.length > 0) throw new ConfigError(problems)
  return resolved
}

const trim = (value: string) => value.trim()
const split = (value: string) => value.split(',')

function schemaProblems (error: unknown): string[] {
  const { errors } = error as { errors?: Array<{ instancePath: string, message?: string, params: { allowedValues?: string[] } }> }
  if (errors === undefined) throw error
  return errors.map(({ instancePath, message, params }) =>
    `${instancePath.slice(1)} ${message}${params.allowedValues === undefined ? '' : `: ${params.allowedValues.join(', ')}`}`)
}

/** What the schema can't say, or doesn't mind. */
function * valueProblems (config: Environment) {
  for (const [name, value] of Object.entries(config)) if (typeof value === 'number' && !Number.isFinite(value)) yield `${name} must be finite`
  const { DEFAULT_CURRENCY: currency } = config
  if (/^[A-Z]{3}$/.test(currency) && !isCurrency(currency)) yield 'DEFAULT_CURRENCY must be an ISO 4217 code'
}

function * authenticationProblems (config: Environment) {
  const { JWT_SECRET: secrets, JWT_JWKS_URL: jwksUrl } = config
  if (secrets !== undefined && jwksUrl !== undefined) yield 'JWT_SECRET and JWT_JWKS_URL exclude each other'
  for (const name of ['JWT_SECRET', 'CURSOR_SECRET'] as const) {
    if (config[name]?.length === 0) yield `${name} must hold a secret`
    if (config[name]?.some(secret => Buffer.byteLength(secret) < 32)) yield `${name} must have at least 32 bytes in each secret`
  }
  if (jwksUrl === undefined) return
  if (!URL.canParse(jwksUrl)) yield 'JWT_JWKS_URL must be a URL'
  if (config.JWT_ISSUER === undefined) yield 'JWT_ISSUER is required with JWT_JWKS_URL'
  if (config.JWT_AUDIENCE === undefined) yield 'JWT_AUDIENCE is required with JWT_JWKS_URL'
}

function * originProblems (config: Environment) {
  for (const name of ['CLIENT_URL', 'OIDC_ORIGINS', 'EMBED_ORIGINS'] as const) {
    for (const origin of config[name] ?? []) {
      if (origin === '*' && name === 'CLIENT_URL') continue
      if (!URL.canParse(origin) || new URL(origin).origin !== origin || origin.includes('*')) {
        yield `${name} holds ${JSON.stringify(origin)}, which is not an origin such as https://app.example.com`
      }
    }
  }
}

/** How people sign in to the web app: what it gets there has to be what is verified here. */
function * signInProblems ({ OIDC_AUTHORITY: authority, OIDC_CLIENT_ID: clientId, JWT_JWKS_URL: jwksUrl }: Environment) {
  if (authority !== undefined && !URL.canParse(authority)) yield 'OIDC_AUTHORITY must be a URL'
  if (authority !== undefined && clientId === undefined) yield 'OIDC_CLIENT_ID is required with OIDC_AUTHORITY'
  if (authority === undefined && clientId !== undefined) yield 'OIDC_AUTHORITY is required with OIDC_CLIENT_ID'
  if (authority !== undefined && jwksUrl === undefined) yield 'JWT_JWKS_URL is required with OIDC_AUTHORITY, whose tokens can\'t be verified without'
}

function * webhookProblems ({ WEBHOOK_SECRET: secret, WEBHOOK_ALLOW: allow = [], WEBHOOK_PROXY: proxy }: Environment) {
  if (secret !== undefined && Buffer.byteLength(secret) < 32) yield 'WEBHOOK_SECRET must have at least 32 bytes'
  for (const network of allow) {
    if (!ipaddr.isValidCIDR(network)) yield `WEBHOOK_ALLOW holds ${JSON.stringify(network)}, which is not a network such as 10.0.0.0/8`
  }
  if (proxy !== undefined && !URL.canParse(proxy)) yield 'WEBHOOK_PROXY must be a URL'
}

function * attachmentProblems ({ ATTACHMENTS: where, ATTACHMENT_SCAN: scan = 'off' }: Pick<Config, 'ATTACHMENTS'> & Partial<Config>) {
  const endpoint = /\?endpoint=(.*)$/.exec(where)?.[1]
  if (endpoint !== undefined && (!URL.canParse(endpoint) || new URL(endpoint).origin !== endpoint)) yield 'ATTACHMENTS must have an origin such as https://s3.example.com for an endpoint'
  if (scan === 'tag' && !where.startsWith('s3://')) yield 'ATTACHMENT_SCAN=tag needs ATTACHMENTS=s3://…: nobody else tags files'
  if (scan.startsWith('clamd:') && Number(scan.slice(scan.lastIndexOf(':') + 1)) > 65_535) yield 'ATTACHMENT_SCAN must have a port below 65536'
}

function * productionProblems (config: Config, given: NodeJS.Dict<string>) {
  const { JWT_SECRET: secrets, JWT_JWKS_URL: jwksUrl } = config
  if (secrets === undefined && jwksUrl === undefined) yield 'JWT_SECRET or JWT_JWKS_URL is required in production'
  if (secrets?.includes(exampleSecret)) yield 'JWT_SECRET is the example secret, which everybody knows'
  if (jwksUrl?.startsWith('http:')) yield 'JWT_JWKS_URL must be https in production'
  if (config.OIDC_AUTHORITY?.startsWith('http:')) yield 'OIDC_AUTHORITY must be https in production'
  if (jwksUrl !== undefined && config.CURSOR_SECRET === undefined) yield 'CURSOR_SECRET is required with JWT_JWKS_URL in production'
  if (config.CLIENT_URL.includes('*')) yield 'CLIENT_URL must list the allowed origins in production'
  if (config.DYNAMODB === 'embedded') yield 'DYNAMODB can\'t be embedded in production'
  if (config.ATTACHMENTS === 'embedded') yield 'ATTACHMENTS can\'t be embedded in production'
  if (config.DYNAMODB === 'aws' && given.AWS_REGION === undefined) yield 'AWS_REGION is required in production'
  if (given.TABLE_NAME === undefined) yield 'TABLE_NAME is required in production'
}
