/** How long an interval is, the shortest first. */
export const granularities = ['quarterHour', 'hour', 'day', 'month'] as const
export type Granularity = typeof granularities[number]

/** On how many days there may be at least and at most: more bars than this can't be told apart, and of one there is nothing to see. */
const days: Record<Granularity, { least: number, most: number }> = {
  quarterHour: { least: 1, most: 7 },
  hour: { least: 1, most: 45 },
  day: { least: 2, most: Infinity },
  month: { least: 32, most: Infinity }
}

/** How long intervals may be where so many days are shown. */
export function granularitiesFor (count: number): Granularity[] {
  return granularities.filter(name => count >= days[name].least && count <= days[name].most)
}

/** What was chosen if it suits so many days, else what suits them best. */
export function granularityFor (count: number, chosen: Granularity | undefined): Granularity {
  if (chosen !== undefined && granularitiesFor(count).includes(chosen)) return chosen
  return count <= 2 ? 'hour' : count <= 92 ? 'day' : 'month'
}
