import { Type, type Static } from '@sinclair/typebox'
import { locales, type Locale } from './locales.js'

const list = (options: object) => Type.Unsafe<string[]>(Type.String({ separator: ',', ...options }))

/** The environment variables that the server reads. */
export const ConfigSchema = Type.Object({
  NODE_ENV: Type.Unsafe<'development' | 'test' | 'production'>(Type.String({
    enum: ['development', 'test', 'production'], default: 'development'
  })),
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 8080 }),
  HOST: Type.Optional(Type.String()),
  LOG_LEVEL: Type.Unsafe<'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'>(Type.String({
    enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], default: 'info'
  })),
  TRUST_PROXY: Type.Optional(list({})),
  CLIENT_URL: list({ default: '*' }),
  JWT_SECRET: Type.Optional(list({})),
  JWT_JWKS_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  JWT_ISSUER: Type.Optional(Type.String({ minLength: 1 })),
  JWT_AUDIENCE: Type.Optional(Type.String({ minLength: 1 })),
  CURSOR_SECRET: Type.Optional(list({})),
  WEBHOOK_SECRET: Type.Optional(Type.String()),
  WEBHOOK_ALLOW: Type.Optional(list({})),
  WEBHOOK_PROXY: Type.Optional(Type.String({ pattern: '^https?://\\S+$' })),
  DYNAMODB: Type.Optional(Type.String({ pattern: '^(embedded|aws|https?://\\S+)$' })),
  DYNAMODB_CLIENT: Type.Unsafe<'lean' | 'sdk'>(Type.String({ enum: ['lean', 'sdk'], default: 'lean' })),
  AWS_REGION: Type.Optional(Type.String({ pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$' })),
  TABLE_NAME: Type.String({ pattern: '^[A-Za-z0-9_.-]{3,255}$', default: 'equilux-chat' }),
  REDIS_URL: Type.Optional(Type.String({ pattern: '^rediss?://\\S+$' })),
  DATA_DIR: Type.String({ minLength: 1, default: '.data' }),
  DEFAULT_CURRENCY: Type.String({ pattern: '^[A-Z]{3}$', default: 'EUR' }),
  DEFAULT_LOCALE: Type.Unsafe<Locale>(Type.String({ enum: [...locales], default: 'en' })),
  FIRST_CONTACT: Type.Unsafe<'replies' | 'open' | 'contacts'>(Type.String({ enum: ['replies', 'open', 'contacts'], default: 'replies' })),
  ERASURE_GRACE_DAYS: Type.Integer({ minimum: 0, maximum: 365, default: 30 }),
  ATTACHMENTS: Type.Optional(Type.String({ pattern: '^(off|embedded|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\\?endpoint=https?://\\S+)?)$' })),
  ATTACHMENT_MAX_MIB: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  ATTACHMENT_SCAN: Type.String({ pattern: '^(off|tag|clamd://[^\\s/:]+:[0-9]{1,5})$', default: 'off' }),
  ANALYTICS: Type.Optional(Type.Unsafe<'on' | 'off'>(Type.String({ enum: ['on', 'off'] }))),
  STATS_K: Type.Integer({ minimum: 5, maximum: 1000, default: 5 }),
  MARKET_GRANULARITY: Type.Unsafe<'hour' | 'day'>(Type.String({ enum: ['hour', 'day'], default: 'hour' })),
  RATE_LIMIT_MAX: Type.Integer({ minimum: 0, default: 600 }),
  WORKER: Type.Unsafe<'on' | 'off' | 'only'>(Type.String({ enum: ['on', 'off', 'only'], default: 'on' })),
  INTEGRATION_RATE_LIMIT_MAX: Type.Integer({ minimum: 0, default: 6000 }),
  WEB_APP: Type.Unsafe<'on' | 'off'>(Type.String({ enum: ['on', 'off'], default: 'on' })),
  OIDC_AUTHORITY: Type.Optional(Type.String({ pattern: '^https?://\\S+$' })),
  OIDC_CLIENT_ID: Type.Optional(Type.String({ minLength: 1 })),
  OIDC_ORIGINS: Type.Optional(list({})),
  EMBED_ORIGINS: Type.Optional(list({})),
  SSE_MAX_SECONDS: Type.Integer({ minimum: 5, maximum: 86_400, default: 110 }),
  SHUTDOWN_GRACE_SECONDS: Type.Integer({ minimum: 1, maximum: 600, default: 25 })
})

export type Environment = Static<typeof ConfigSchema>

/** The environment after validation, with what depends on NODE_ENV filled in. */
export interface Config extends Environment {
  /** The address to listen on. */
  HOST: string
  /** `embedded`, `aws` or the URL of an endpoint. */
  DYNAMODB: string
  /** `off`, `embedded` or `s3://bucket`, with `?endpoint=` and a URL where it isn't AWS's. */
  ATTACHMENTS: string
  ANALYTICS: 'on' | 'off'
  AWS_REGION: string
}

/** A configuration with every secret that the server needs: JWT_SECRET too, unless the keys come from JWT_JWKS_URL. */
export type ResolvedConfig = Config & { CURSOR_SECRET: string[], WEBHOOK_SECRET: string }
