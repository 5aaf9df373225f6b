/** The longest side of a picture that is sent, in px. */
export const longestSide = 1600
/** The longest side of what a preview is made of, in px: more is slow and shows nothing more. */
export const previewSide = 100
/** The longest side of a picture in a thread, in px. */
const shownSide = 320
/** However long and narrow a picture is, or is said to be, what shows it isn't. */
const narrowest = 0.5
const widest = 2.5

export interface Size { readonly width: number, readonly height: number }

/** A size with the same proportions whose sides are at most so long; what is small stays as it is. In px. */
export function scaledSize ({ width, height }: Size, longest: number): Size {
  const factor = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) }
}

/** How wide a picture is shown in a thread, in px, and with which proportions, by what its sender says of it. */
export function boxOf ({ width = 4, height = 3 }: Partial<Size>): { width: number, ratio: number } {
  const ratio = Math.min(widest, Math.max(narrowest, width / height))
  return { width: Math.round(shownSide * Math.min(1, ratio)), ratio }
}
