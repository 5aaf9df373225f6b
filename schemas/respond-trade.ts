import { Type, type Static } from '@sinclair/typebox'
import { ClientIdSchema, discriminator, ref, TextSchema } from './common.js'
import { CurrencySchema, FutureSchema, maxRevisions, requiredTerms, termProperties, TradeTypeSchema } from './trade-offer.js'

/** The terms of a counter: those left out are as they stand. */
const counterProperties = {
  ...Type.Partial(Type.Object(requiredTerms)).properties,
  currency: Type.Optional(CurrencySchema),
  endTime: termProperties.endTime,
  tradeType: Type.Optional({ ...TradeTypeSchema, description: 'May be said again; it never changes in a negotiation' }),
  expiresAt: Type.Optional(FutureSchema('From then on the terms can\'t be accepted; at the latest `startTime`, which it follows where it is the same'))
}

const RespondedRevisionSchema = Type.Integer({
  minimum: 1, maximum: maxRevisions, default: 1, description: 'The revision that the caller saw; another one is refused'
})

const answer = <Response extends 'accept' | 'reject' | 'withdraw'>(response: Response, name: string, description: string) => Type.Object({
  response: Type.Literal(response),
  revision: Type.Optional(RespondedRevisionSchema),
  text: Type.Optional(TextSchema),
  clientId: Type.Optional(ClientIdSchema)
}, { $id: name, description, additionalProperties: false, examples: [{ response, revision: 1 }] })

export const AcceptTradeSchema = answer('accept', 'AcceptTrade', 'Agree to the terms of the revision')
export const RejectTradeSchema = answer('reject', 'RejectTrade', 'Refuse the terms; `text` may say why')
export const WithdrawTradeSchema = answer('withdraw', 'WithdrawTrade', 'Take one\'s own terms back')
export const CounterTradeSchema = Type.Object({
  response: Type.Literal('counter'),
  revision: Type.Optional(RespondedRevisionSchema),
  text: Type.Optional(TextSchema),
  clientId: Type.Optional(ClientIdSchema),
  ...counterProperties
}, {
  $id: 'CounterTrade',
  description: 'Propose other terms, at least one; those left out are as they stand. They become the next revision',
  additionalProperties: false,
  // Beside the properties a choice would be one between them and it for those who make types of schemas.
  allOf: [{ anyOf: Object.keys(counterProperties).map(name => ({ required: [name], properties: { [name]: {} } })) }],
  examples: [{ response: 'counter', revision: 1, pricePerUnit: 0.25 }]
})

export type CounterTrade = Static<typeof CounterTradeSchema>

export const RespondTradeSchema = Type.Union([
  ref(AcceptTradeSchema), ref(RejectTradeSchema), ref(CounterTradeSchema), ref(WithdrawTradeSchema)
], {
  $id: 'RespondTrade',
  description: 'A move in a negotiation',
  discriminator: discriminator('response', {
    accept: AcceptTradeSchema, reject: RejectTradeSchema, counter: CounterTradeSchema, withdraw: WithdrawTradeSchema
  })
})

export type RespondTrade = Static<typeof RespondTradeSchema>
