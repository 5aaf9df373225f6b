/** The client of Equilux chat for browsers and Node: calls and live events, typed by the server's own schemas. */
import type { components } from '../../openapi/client/http.js'

export { createClient, type ApiClient, type ApiOptions } from './api.js'
export type { BackoffOptions } from './backoff.js'
export type { ChatError, CloseReason, OwnCode, ProblemCode, Violation } from './errors.js'
export type { LiveEvent, MessageEvent } from './frames.js'
export { LiveClient } from './live-client.js'
export type { LiveClientOptions, LiveEventMap, LiveState } from './live-client-options.js'
export type { TokenSource } from './token.js'
export type { TransportName } from './transport.js'
export type { WebSocketConstructor, WebSocketLike } from './websocket-transport.js'
export type { components, operations, paths } from '../../openapi/client/http.js'

type Schemas = components['schemas']
export type Conversation = Schemas['Conversation']
export type Message = Schemas['Message']
export type MessageAttachment = Schemas['MessageAttachment']
export type Problem = Schemas['Problem']
export type Proposal = Schemas['Proposal']
export type RespondTrade = Schemas['RespondTrade']
export type SendMessage = Schemas['SendMessage']
export type TradeMove = Schemas['TradeMove']
export type TradeOffer = Schemas['TradeOffer']
export type TradeOfferWithHistory = Schemas['TradeOfferWithHistory']
/** The terms of an opening. */
export type TradeTerms = Omit<Schemas['SendTradeOffer'], 'messageType' | 'text' | 'attachments'>
export type User = Schemas['User']
