/** What both the OpenAPI and the AsyncAPI document say of the server. */
export const title = 'Equilux chat'
export const version = '0.1.0'

/** How a caller shows who it is. */
export const tokenScheme = {
  type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A JSON Web Token whose `sub` is the user id'
} as const

/** How an integration does. */
export const keyScheme = {
  type: 'http', scheme: 'bearer', bearerFormat: 'eqx_…', description: 'The key of an integration, which the operator makes'
} as const
