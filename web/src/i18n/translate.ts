import { IntlMessageFormat } from 'intl-messageformat'
import type { TextId, TextValues, Words } from './catalogue.js'

/** Says a text in a language. */
export type Say<Id extends string> = (id: Id, values?: TextValues) => string
export type Translate = Say<TextId>

/** @param locale by which plurals are chosen and numbers written */
export function translator<Id extends string> (words: Words<Id>, locale: string): Say<Id> {
  // To read a message costs more than to write it.
  const read = new Map<Id, IntlMessageFormat>()
  return (id, values) => {
    let message = read.get(id)
    if (message === undefined) read.set(id, message = new IntlMessageFormat(words[id], locale, undefined, { ignoreTag: true }))
    return String(message.format(values))
  }
}
