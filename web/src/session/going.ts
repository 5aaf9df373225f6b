import type { Session } from './session.js'

const going = new WeakSet<Session>()

/** Whoever is signed in goes, and wants nothing to stay in the browser. */
export function goes (session: Session): void {
  going.add(session)
}

export function isGoing (session: Session): boolean {
  return going.has(session)
}
