import { fileTypeFromBuffer } from 'file-type'

/** How many of the first bytes of a file tell what it is. */
export const sniffedBytes = 4100

/** What a file may be found to be that is said to be of a type, where that has marks to know it by. */
const marked: Record<string, ReadonlySet<string>> = {
  'image/jpeg': new Set(['image/jpeg']),
  'image/png': new Set(['image/png', 'image/apng']),
  'image/webp': new Set(['image/webp']),
  'image/heic': new Set(['image/heic', 'image/heif']),
  'application/pdf': new Set(['application/pdf'])
}

/** Text that has its own mark may have it, and needn't. */
const markedText: Record<string, string> = { 'application/xml': 'application/xml', 'application/atom+xml': 'application/xml' }

/** What is recognised by two letters, which text can begin with too; the rest of such a file is never text. */
const letters = new Set(['image/bmp', 'application/x-msdownload', 'image/vnd.dwg'])

// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u

/**
 * Whether a file can be what it is said to be.
 * @param mediaType one of those that may be attached
 * @param start its first bytes: `sniffedBytes`, or all if there are fewer
 * @param isWhole whether that is all
 */
export async function agrees (mediaType: string, start: Uint8Array, isWhole: boolean): Promise<boolean> {
  const found = (await fileTypeFromBuffer(start))?.mime
  const marks = marked[mediaType]
  if (marks !== undefined) return found !== undefined && marks.has(found)
  return isText(start, isWhole) && (found === undefined || found === markedText[mediaType] || letters.has(found))
}

/** Whether bytes are UTF-8 without control characters but tabs and line breaks; the last character may be cut off unless it is all. */
function isText (bytes: Uint8Array, isWhole: boolean): boolean {
  try {
    return !control.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole }))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return false
  }
}
