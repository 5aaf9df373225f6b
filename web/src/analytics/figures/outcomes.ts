import type { Colour, Pattern } from '../chart/drawing.js'

/** How negotiations end. */
export const outcomes = ['accepted', 'rejected', 'withdrawn', 'expired'] as const

export const outcomeLooks: Record<typeof outcomes[number], { colour: Colour, pattern: Pattern }> = {
  accepted: { colour: 'good', pattern: 'solid' },
  rejected: { colour: 'bad', pattern: 'diagonal' },
  withdrawn: { colour: 'warn', pattern: 'dots' },
  expired: { colour: 'muted', pattern: 'lines' }
}

/** How many negotiations came to an end. */
export function closedIn (figures: Record<typeof outcomes[number], number>): number {
  return outcomes.reduce((sum, outcome) => sum + figures[outcome], 0)
}
