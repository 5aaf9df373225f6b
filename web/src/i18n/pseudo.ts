import type { Words } from './catalogue.js'

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const accented = Array.from('åƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ')

/** English in letters with accents and in brackets, by which words that don't come from the catalogue show. */
export function pseudoWords<Id extends string> (english: Words<Id>): Words<Id> {
  return Object.fromEntries(Object.entries<string>(english).map(([id, message]) => [id, `[${accent(message)}]`])) as Words<Id>
}

/** What is said within a plural or select is accented, its keywords aren't. */
function accent (message: string): string {
  let shown = ''
  for (let at = 0; at < message.length; at++) {
    const letter = message[at] ?? ''
    if (letter !== '{') {
      shown += accentLetter(letter)
      continue
    }
    const end = endOfArgument(message, at)
    shown += accentBranches(message.slice(at, end))
    at = end - 1
  }
  return shown
}

function accentLetter (letter: string): string {
  const index = plain.indexOf(letter)
  return index === -1 ? letter : accented[index] ?? letter
}

function endOfArgument (message: string, start: number): number {
  let depth = 0
  for (let at = start; at < message.length; at++) {
    if (message[at] === '{') depth++
    if (message[at] === '}' && --depth === 0) return at + 1
  }
  throw new Error(`A brace is open in: ${message}`)
}

/** `{count, plural, one {# message} other {# messages}}`: the branches are messages of their own. */
function accentBranches (argument: string): string {
  const head = /^\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,/.exec(argument)?.[0]
  if (head === undefined) return argument
  let shown = head
  for (let at = head.length; at < argument.length; at++) {
    if (argument[at] !== '{') {
      shown += argument[at]
      continue
    }
    const end = endOfArgument(argument, at)
    shown += `{${accent(argument.slice(at + 1, end - 1))}}`
    at = end - 1
  }
  return shown
}
