/** How many users are remembered by name. */
const maxUsers = 10_000

/** The users whose events could not be told to other instances, since when; beyond a number it is everybody. */
export class MissedUsers {
  #users = new Set<string>()
  #everybody = false
  #since: number | undefined

  /** @param at in ms since the epoch */
  add (userIds: readonly string[], at: number): void {
    this.#since = Math.min(this.#since ?? at, at)
    if (this.#everybody) return
    for (const userId of userIds) this.#users.add(userId)
    if (this.#users.size <= maxUsers) return
    this.#everybody = true
    this.#users.clear()
  }

  /** Takes everything out. @returns undefined if there is nothing */
  take (): { userIds: string[] | undefined, since: number } | undefined {
    const since = this.#since
    if (since === undefined) return undefined
    const userIds = this.#everybody ? undefined : [...this.#users]
    this.#users.clear()
    this.#everybody = false
    this.#since = undefined
    return { userIds, since }
  }

  /** Puts back what was taken. */
  restore ({ userIds, since }: { userIds: string[] | undefined, since: number }): void {
    this.add(userIds ?? [], since)
    if (userIds === undefined) this.#everybody = true
  }
}
