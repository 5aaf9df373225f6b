import type { EncodedEvent } from '../wire/encoded-event.js'

/** `off`: there is one instance only; `away`: events of other instances don't come at the moment. */
export type BackPlaneHealth = 'ok' | 'away' | 'off'

/** What an instance is told by the others. */
export interface BackPlaneListener {
  /** An event that another instance published. */
  deliver: (userId: string, event: EncodedEvent) => void
  /** Events from others may be missing from a time on, in ms since the epoch. */
  lost: (since: number) => void
  /** They come again: what was missed meanwhile is to be caught up with. */
  healed: () => void
  /**
   * Another instance could not tell some users' events from a time on.
   * @param userIds undefined for everybody
   */
  mend: (userIds: readonly string[] | undefined, since: number) => void
  /** Another instance has not been heard of for too long. @param at when it last was, in ms since the epoch */
  abandoned: (userIds: readonly string[], at: number) => void
  /** The others had given this instance up and told so. */
  returned: (userIds: readonly string[]) => void
}

/**
 * What connects the instances. Nothing here throws or keeps anybody waiting for long: without the others an instance goes
 * on alone.
 */
export interface BackPlane {
  /** Whether there are other instances, so that events may come in another order than they happened. */
  readonly shared: boolean
  readonly health: BackPlaneHealth
  /** How many channels of other instances are listened to. */
  readonly channels: number
  /** Says who is told. */
  attach: (listener: BackPlaneListener) => void
  /** Tells an event to the users' connections on the other instances. */
  publish: (userIds: readonly string[], event: EncodedEvent) => void
  /**
   * A user's first connection here: once it resolves, the user's events come, or `healed` will tell.
   * @returns whether it is the first anywhere
   */
  enter: (userId: string) => Promise<boolean>
  /**
   * The user's last connection here is closed.
   * @returns whether it was the last anywhere
   */
  leave: (userId: string) => Promise<boolean>
  /** Who of some users has a connection anywhere; here, while the others can't be asked. */
  online: (userIds: readonly string[]) => Promise<ReadonlySet<string>>
  /** Stops listening to the others. */
  close: () => void
}
