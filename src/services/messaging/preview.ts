const length = 100

/** At most the first 100 code points of a text. */
export function preview (text: string): string {
  return text.length <= length ? text : Array.from(text.slice(0, 2 * length)).slice(0, length).join('')
}
