/** Control characters, and the marks that turn the direction of text, by which a name shows another ending than it has. */
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u

/**
 * Whether text can be the name of a file wherever it is saved: in NFC, without control characters and path separators, and neither of
 * the names by which a folder means itself and the one above.
 */
export function isFileName (text: string): boolean {
  return text.isWellFormed() && text.normalize('NFC') === text && !unseen.test(text) && !/[/\\]/.test(text) && !/^\.{1,2}$/.test(text) && text.trim() !== ''
}
