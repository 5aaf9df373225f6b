import { Type, type Static } from '@sinclair/typebox'
import { TimestampSchema } from './common.js'

export const MuteSchema = Type.Object({
  until: Type.Optional({
    ...TimestampSchema, description: 'Until when, in the future; without it, without end', examples: ['2099-11-22T18:00:00.000Z']
  })
}, {
  $id: 'Mute',
  description: 'That the caller wants to hear nothing of a conversation',
  additionalProperties: false,
  examples: [{ until: '2099-11-22T18:00:00.000Z' }, {}]
})

export type Mute = Static<typeof MuteSchema>
