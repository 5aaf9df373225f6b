const prefix = 'equilux:draft '

/** Where what a user is writing to another is kept: with this tab. */
export function placeOf (me: string | undefined, userId: string): string {
  return prefix + JSON.stringify([me, userId])
}

export function readDraft (place: string): string {
  try {
    return sessionStorage.getItem(place) ?? ''
  } catch {
    // A browser that keeps nothing has kept no draft.
    return ''
  }
}

/** Keeps a draft, in place of the one before. */
export function writeDraft (place: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(place)
    else sessionStorage.setItem(place, text)
  } catch (error) {
    reportError(error)
  }
}

/** Forgets all of them: whoever signs in next is to find none. */
export function forgetDrafts (): void {
  for (const place of Object.keys(sessionStorage)) if (place.startsWith(prefix)) sessionStorage.removeItem(place)
}
