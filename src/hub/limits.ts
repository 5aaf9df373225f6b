/** Limits of live connections. Times are in milliseconds, sizes in bytes. */
export interface HubLimits {
  /** How often the server pings. */
  heartbeat: number
  /** How long after a ping something must be heard. */
  heartbeatGrace: number
  /** How long a connection may stay without an identity. */
  authentication: number
  /** How often the limits above are checked. */
  tick: number
  connectionsPerUser: number
  /** How many connections an address may have open on which nobody has authenticated yet. */
  newcomersPerAddress: number
  connections: number
  /** The largest frame that a client may send. */
  frame: number
  /** Frames a connection may send at once, and how many a second it gets back. */
  frameBurst: number
  framesPerSecond: number
  /** Refused frames in a row after which the connection is closed. */
  refusedFrames: number
  /** Resumes that read what was missed: how many at once, and then one in how long, for each connection. */
  resumeBurst: number
  resumeInterval: number
  /** Unsent bytes from which on typing and presence are dropped. */
  softQueue: number
  /** Unsent bytes from which on the connection is closed. */
  hardQueue: number
  /** For how long a user must have come or gone before it is told. */
  presenceHold: number
  /** How often typing to the same user is told at most. */
  typingInterval: number
  /** Over how long at most connections are closed when the instance shuts down. */
  closeSpread: number
  /** After how long typing ends by itself. */
  typingExpiry: number
  /** Over how long connections catch up after an outage of the back-plane, lest all do at once. */
  mendSpread: number
}

export const defaultHubLimits: HubLimits = {
  heartbeat: 25_000,
  heartbeatGrace: 10_000,
  authentication: 10_000,
  tick: 1000,
  connectionsPerUser: 10,
  newcomersPerAddress: 1000,
  connections: 10_000,
  frame: 16 * 1024,
  frameBurst: 40,
  framesPerSecond: 10,
  refusedFrames: 100,
  resumeBurst: 2,
  resumeInterval: 5000,
  softQueue: 64 * 1024,
  hardQueue: 1024 * 1024,
  closeSpread: 3000,
  presenceHold: 2000,
  typingInterval: 2000,
  typingExpiry: 6000,
  mendSpread: 3000
}
