/**
 * The canonical form of a language tag (BCP 47), e.g. `de-AT` of `DE-at`.
 * @returns undefined for what is none
 */
export function canonicalLocale (tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
