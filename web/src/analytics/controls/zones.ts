/** More of them nobody looks through. */
const maxShown = 50

/**
 * The time zones whose names have all words that were typed, in any order.
 * @param first those that come first: what is typed nothing for is found among them, mostly
 */
export function zonesLike (query: string, first: readonly string[]): string[] {
  const words = query.toLowerCase().split(/[\s/_]+/).filter(word => word !== '')
  const zones = Array.from(new Set([...first, ...Intl.supportedValuesOf('timeZone')]))
  return zones.filter(zone => words.every(word => zone.toLowerCase().includes(word))).slice(0, maxShown)
}

/** `Europe/Isle of Man`. */
export function zoneName (zone: string): string {
  return zone.replaceAll('_', ' ')
}
