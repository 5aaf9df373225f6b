import { IntlMessageFormat } from 'intl-messageformat'
import type { Catalogue, TextId, TextValues } from './catalogue.js'

/** Says a text in a language. */
export type Translate = (id: TextId, values?: TextValues) => string

/** @param locale by which plurals are chosen and numbers written */
export function translator (catalogue: Catalogue, locale: string): Translate {
  // To read a message costs more than to write it.
  const read = new Map<TextId, IntlMessageFormat>()
  return (id, values) => {
    let message = read.get(id)
    if (message === undefined) read.set(id, message = new IntlMessageFormat(catalogue[id], locale, undefined, { ignoreTag: true }))
    return String(message.format(values))
  }
}
