import { Type, type Static } from '@sinclair/typebox'
import { TimestampSchema, UserIdSchema } from './common.js'

const strict = { additionalProperties: false }

const ReasonSchema = Type.String({
  minLength: 1, maxLength: 1000, format: 'well-formed', description: 'Why, for those who moderate: the user isn\'t told', examples: ['Three reports of fraud']
})

export const SuspendSchema = Type.Object({
  until: Type.String({ format: 'date-time', description: 'When it ends by itself: in the future', examples: ['2027-06-01T12:00:00Z'] }),
  reason: ReasonSchema
}, {
  $id: 'Suspend',
  description: 'For how long a user may write nothing, and why',
  ...strict,
  examples: [{ until: '2027-06-01T12:00:00Z', reason: ReasonSchema.examples[0] }]
})

export const SuspensionSchema = Type.Object({
  userId: UserIdSchema,
  until: { ...TimestampSchema, description: 'When it ends by itself' },
  reason: ReasonSchema
}, {
  $id: 'Suspension',
  description: 'That a user may write nothing for a time',
  ...strict,
  examples: [{ userId: 'bob', until: '2027-06-01T12:00:00.000Z', reason: ReasonSchema.examples[0] }]
})

export type Suspend = Static<typeof SuspendSchema>
export type Suspension = Static<typeof SuspensionSchema>
