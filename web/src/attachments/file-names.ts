import { endingOf, mediaTypeOf } from './media-types.js'

/** What no name of a file may have: control characters, and marks that turn the direction of text. */
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** As many code points as a name can have. */
const maxLength = 255
/** Beyond that it is no ending but a part of the name. */
const longestEnding = 20

/** A file's name as the server takes it; nearly all names stay as they are. @param fallback for one of which nothing is left */
export function tidyName (name: string, fallback: string): string {
  const plain = name.toWellFormed().replace(unseen, '').replace(/[/\\]/g, '_').normalize('NFC')
  if (plain.trim() === '' || /^\.{1,2}$/.test(plain)) return fallback
  const letters = Array.from(plain)
  if (letters.length <= maxLength) return plain
  const point = letters.lastIndexOf('.')
  const ending = letters.length - point <= longestEnding ? letters.slice(point) : []
  return [...letters.slice(0, maxLength - ending.length), ...ending].join('')
}

/** The name of a file that was made into another type: with that type's ending. */
export function renamed (name: string, mediaType: string): string {
  const ending = endingOf(mediaType)
  if (ending === undefined || mediaTypeOf({ name, type: '' }) === mediaType) return name
  return `${name.replace(/\.[^.]*$/, '')}.${ending}`
}
