import { thumbHashToDataURL } from 'thumbhash'

/** A blurred picture as a `data:` URL of what a sender says that one looks like; undefined if that is nothing. */
export function blurOf (thumbHash: string | undefined): string | undefined {
  if (thumbHash === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(thumbHash), letter => letter.charCodeAt(0))
    // So many at least say what size it has and in what colours.
    return bytes.length < 5 ? undefined : thumbHashToDataURL(bytes)
  } catch {
    // It is no more than an ornament, and others make it.
    return undefined
  }
}
