const maxLength = 100

// The name goes onto other people's screens: one line, encodable as UTF-8, and without characters that can't be seen, which
// make one user look like another or turn what stands beside the name around.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** What of a text can be a name: one visible line of at most 100 code points; empty where nothing is left. */
export function cleanName (text: string): string {
  const line = text.replace(invisible, '').replace(/\p{Surrogate}/gu, '\uFFFD').trim()
  return [...line].slice(0, maxLength).join('').trim()
}

/** Whether a text is a name as it stands. */
export function isName (text: string): boolean {
  return text !== '' && cleanName(text) === text
}
