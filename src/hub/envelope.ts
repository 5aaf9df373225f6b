import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { EncodedEvent } from '../wire/encoded-event.js'

/**
 * The version of what instances tell each other. Raise it with every change that instances of the version before can't
 * understand: during a rolling upgrade they then catch up by themselves instead. What comes before the content never changes:
 * `version:instance:d:` for what may not be lost, `version:instance:e:` for the rest.
 */
const envelopeVersion = 2

const header = /^(\d{1,9}):([\w-]{1,64}):([de]):/
/** The longest message about one user, and about what was missed by thousands of them, in UTF-16 code units. */
const maxLength = { event: 256 * 1024, missed: 4 * 1024 * 1024 }

const strict = { additionalProperties: false }
/** One line of JSON: with a line break in it an event would end early in a stream. */
const data = Type.String({ pattern: '^\\{[^\\r\\n]*\\}$' })

const EventSchema = Type.Union([
  Type.Object({
    type: Type.Union([Type.Literal('newMessage'), Type.Literal('tradeResponse')]),
    data,
    place: Type.Object({
      conversationId: Type.String({ minLength: 1 }), seq: Type.Integer({ minimum: 1 }), at: Type.Number(), previousAt: Type.Optional(Type.Number())
    }, strict)
  }, strict),
  Type.Object({
    type: Type.Union([
      Type.Literal('tradeExpiring'), Type.Literal('typing'), Type.Literal('stopTyping'), Type.Literal('read'), Type.Literal('presence')
    ]),
    data
  }, strict)
])

const MissedSchema = Type.Object({ userIds: Type.Optional(Type.Array(Type.String())), since: Type.Number({ minimum: 0 }) }, strict)

/** Whose events an instance could not tell, and since when (ms since the epoch); everybody's without `userIds`. */
export type Missed = Static<typeof MissedSchema>

/** What a message between instances turned out to be. */
export type Opened<Content> =
  | { content: Content }
  /** A newer instance sent it; whether what it says may not be lost. */
  | { isNewer: true, isDurable: boolean }
  /** It can't be one of these messages, and why. */
  | { fault: string }
  /** This instance sent it itself. */
  | undefined

/** Wraps what an instance tells the others. */
export function wrap (instance: string, content: EncodedEvent | Missed): string {
  const isDurable = !('type' in content) || content.place !== undefined
  return `${envelopeVersion}:${instance}:${isDurable ? 'd' : 'e'}:${JSON.stringify(content)}`
}

/** Opens what came on a user's channel. Whatever it is, this doesn't throw. */
export const openEvent = opener<EncodedEvent>(EventSchema, maxLength.event, ({ data }) => isJSON(data))

/** Opens what came on the channel of the instances. Whatever it is, this doesn't throw. */
export const openMissed = opener<Missed>(MissedSchema, maxLength.missed, () => true)

function opener<Content> (schema: TSchema, longest: number, isSound: (content: Content) => boolean) {
  const compiled = TypeCompiler.Compile(schema)

  /** @param instance the one that opens it */
  return (message: string, instance: string): Opened<Content> => {
    if (message.length > longest) return { fault: 'it is too long' }
    const [start = '', version, from, kind] = header.exec(message) ?? []
    if (version === undefined) return { fault: 'it has no header' }
    if (from === instance) return undefined
    if (Number(version) > envelopeVersion) return { isNewer: true, isDurable: kind === 'd' }
    if (Number(version) < envelopeVersion) return { fault: 'its version is not known any more' }
    const content = parse(message.slice(start.length))
    return compiled.Check(content) && isSound(content as Content) ? { content: content as Content } : { fault: 'its content is malformed' }
  }
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isJSON (text: string): boolean {
  return parse(text) !== undefined
}
