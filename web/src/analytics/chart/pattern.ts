import type { Pattern } from './drawing.js'

/** How large a pattern is before it comes again, in pixels of the page. */
const size = 8

/** What fills an area with a pattern in a colour. */
export function fillOf (pattern: Pattern, colour: string): string | CanvasPattern {
  if (pattern === 'solid') return colour
  if (pattern === 'empty') return 'transparent'
  const scale = devicePixelRatio
  const tile = document.createElement('canvas')
  tile.width = tile.height = Math.round(size * scale)
  const context = tile.getContext('2d')
  if (context === null) return colour
  context.scale(tile.width / size, tile.height / size)
  context.fillStyle = context.strokeStyle = colour
  draw[pattern](context)
  const fill = context.createPattern(tile, 'repeat')
  fill?.setTransform(new DOMMatrix().scale(size / tile.width))
  return fill ?? colour
}

const draw: Record<Exclude<Pattern, 'solid' | 'empty'>, (context: CanvasRenderingContext2D) => void> = {
  diagonal (context) {
    context.lineWidth = 2.5
    context.beginPath()
    // Its ends lie beyond the tile, so that one goes on in the next.
    for (const offset of [-size, 0, size]) {
      context.moveTo(offset - 2, size + 2)
      context.lineTo(offset + size + 2, -2)
    }
    context.stroke()
  },
  dots (context) {
    for (const [x, y] of [[2, 2], [6, 6]] as const) {
      context.beginPath()
      context.arc(x, y, 1.4, 0, 2 * Math.PI)
      context.fill()
    }
  },
  lines (context) {
    context.fillRect(0, 1, size, 1.6)
    context.fillRect(0, 5, size, 1.6)
  }
}
