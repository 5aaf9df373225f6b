import { rgbaToThumbHash } from 'thumbhash'
import { renamed } from './file-names.js'
import { longestSide, previewSide, scaledSize, type Size } from './sizes.js'

/** A file as it is uploaded. */
export interface Prepared {
  readonly blob: Blob
  readonly fileName: string
  readonly mediaType: string
  readonly width?: number
  readonly height?: number
  readonly thumbHash?: string
  /** Whether what a camera noted is still in it, perhaps the place. */
  readonly hasNotes?: true
}

const quality = 0.85

/**
 * Makes of a file what is to be uploaded. Images are scaled and written anew, so that nothing of them is left but what is seen: not where, when and
 * with what they were taken.
 * @returns undefined for an image that can't be read
 */
export async function prepare (file: Blob, fileName: string, mediaType: string): Promise<Prepared | undefined> {
  if (!mediaType.startsWith('image/')) return { blob: file, fileName, mediaType }
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => undefined)
  // Few browsers read this one.
  if (image === undefined) return mediaType === 'image/heic' ? { blob: file, fileName, mediaType, hasNotes: true } : undefined
  try {
    const size = scaledSize(image, longestSide)
    const type = mediaType === 'image/heic' ? 'image/jpeg' : mediaType
    const blob = await draw(image, size).canvas.convertToBlob({ type, quality })
    // A browser that can't write the type writes PNG.
    return { blob, fileName: renamed(fileName, blob.type), mediaType: blob.type, ...size, thumbHash: thumbHashOf(image) }
  } finally {
    image.close()
  }
}

function thumbHashOf (image: ImageBitmap): string {
  const { width, height } = scaledSize(image, previewSide)
  const { data } = draw(image, { width, height }).getImageData(0, 0, width, height)
  return btoa(String.fromCharCode(...rgbaToThumbHash(width, height, data)))
}

function draw (image: ImageBitmap, { width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d')
  if (context === null) throw new Error('The browser draws no images')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, width, height)
  return context
}
