import type { Entities } from '../../database/entities/index.js'
import { BoundedMap } from '../../shared/bounded-map.js'

/** How long a directory entry is remembered, in milliseconds: another instance may have written it since. */
const rememberedFor = 60_000
/** How long it is remembered that there is none, in milliseconds. */
const absentFor = 3000
/** How many are remembered. */
const maxProfiles = 50_000

/** What a directory entry says. */
export interface Profile {
  username: string
  /** Null for one who has never come. */
  lastSeenAt: string | null
}

/** The directory entries of users, remembered for a minute. */
export class Profiles {
  /** `at` is when it was so, in ms of `performance.now()`. */
  readonly #remembered = new BoundedMap<string, { profile: Profile | undefined, at: number }>(maxProfiles)

  constructor (private readonly entities: Entities) {}

  /**
   * The entries of those users that have one. Costs half an RCU for each that isn't remembered.
   * @param options.askAgain whether those are asked for again of whom it is remembered that they have none
   * @param options.afresh whether all are
   * @throws ProblemError database_unavailable
   */
  async of (userIds: readonly string[], { askAgain = false, afresh = false } = {}): Promise<ReadonlyMap<string, Profile>> {
    const now = performance.now()
    const profiles = new Map<string, Profile>()
    const unknown: string[] = []
    for (const userId of new Set(userIds)) {
      const { profile, at } = this.#remembered.get(userId) ?? { at: -Infinity }
      if (afresh || now - at >= (profile === undefined ? absentFor : rememberedFor) || (profile === undefined && askAgain)) unknown.push(userId)
      else if (profile !== undefined) profiles.set(userId, profile)
    }
    const { user } = this.entities.direct
    const found = new Map((await user.getAll(unknown.map(userId => ({ userId })), { consistent: false })).map(item => [item.userId, item]))
    for (const userId of unknown) {
      const item = found.get(userId)
      const profile = item === undefined ? undefined : { username: item.username, lastSeenAt: item.lastSeenAt ?? null }
      if (profile !== undefined) profiles.set(userId, profile)
      // What was written here while this was read is newer.
      if ((this.#remembered.get(userId)?.at ?? -Infinity) <= now) this.#remembered.set(userId, { profile, at: now })
    }
    return profiles
  }

  /** An entry was written here. */
  wrote (userId: string, profile: Profile): void {
    this.#remembered.set(userId, { profile, at: performance.now() })
  }

  /** An entry was deleted here. */
  forget (userId: string): void {
    this.#remembered.set(userId, { profile: undefined, at: performance.now() })
  }

  /** It was written here when a user was last seen. */
  wroteSeen (userId: string, lastSeenAt: string): void {
    const known = this.#remembered.get(userId)
    if (known?.profile !== undefined) this.#remembered.set(userId, { profile: { ...known.profile, lastSeenAt }, at: known.at })
  }
}
