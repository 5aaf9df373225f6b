/** The most code points that the server takes in a text. */
export const maxLength = 4000
/** From here on it is told how many are left. */
const counted = 3600

/** A text as it is sent: without space around it, and with nothing in it that isn't a character. */
export function tidy (text: string): string {
  return text.trim().toWellFormed()
}

/** The length of a text in Unicode code points, as the server counts. */
export function lengthOf (text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

/** How many code points may still be written, or, below zero, are too many; undefined as long as there are plenty. */
export function remainingOf (text: string): number | undefined {
  // A code point is one or two units.
  if (text.length < counted) return undefined
  const length = lengthOf(tidy(text))
  return length < counted ? undefined : maxLength - length
}

export interface Part { readonly text: string, readonly href?: string }

const link = /https?:\/\/[^\s<>"'`\u00ab\u00bb\u2018-\u201f]+/gi
const trailing = /[.,:;!?\u060c\u061b\u061f\u0964\u2026]+$/

/** A text in parts: web addresses in it, and what is between them. Only `http:` and `https:` make a link. */
export function partsOf (text: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const { 0: found, index } of text.matchAll(link)) {
    const address = trimmed(found)
    if (!URL.canParse(address)) continue
    if (index > end) parts.push({ text: text.slice(end, index) })
    parts.push({ text: address, href: address })
    end = index + address.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}

/** An address without what ends the sentence around it: a full stop, a bracket that was opened before. */
function trimmed (address: string): string {
  let rest = address
  for (;;) {
    const shorter = rest.replace(trailing, '')
    const isUnbalanced = (open: string, close: string) => shorter.endsWith(close) && shorter.split(close).length > shorter.split(open).length
    const next = isUnbalanced('(', ')') || isUnbalanced('[', ']') ? shorter.slice(0, -1) : shorter
    if (next === rest) return rest
    rest = next
  }
}
