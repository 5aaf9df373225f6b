import { Type, type Static } from '@sinclair/typebox'

/** What the web app has to know before anybody signs in. */
export const AppConfigSchema = Type.Object({
  signIn: Type.Object({
    name: Type.Boolean({ description: 'Whether a name is enough, for this caller' }),
    oidc: Type.Optional(Type.Object({
      authority: Type.String({ description: 'The issuer, below which its configuration is found' }),
      clientId: Type.String()
    }, { additionalProperties: false })),
    embedOrigins: Type.Array(Type.String(), { description: 'Origins of the pages that may show the app, and hand it a token' })
  }, { additionalProperties: false }),
  locales: Type.Array(Type.String()),
  defaultCurrency: Type.String(),
  attachments: Type.Optional(Type.Object({
    maxBytes: Type.Integer({ description: 'The largest file' }),
    mediaTypes: Type.Array(Type.String())
  }, { additionalProperties: false, description: 'Which files can be attached to messages; absent where none can' })),
  analytics: Type.Optional(Type.Literal(true, { description: 'There are figures of what was traded' }))
}, { additionalProperties: false })

export type AppConfig = Static<typeof AppConfigSchema>

export const SignInSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, format: 'display-name', description: 'The name that others see' })
}, { additionalProperties: false })

export const SignedInSchema = Type.Object({
  token: Type.String(),
  userId: Type.String(),
  username: Type.String(),
  expiresAt: Type.String({ format: 'date-time', description: 'When the token ends' })
}, { additionalProperties: false })
