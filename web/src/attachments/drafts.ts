import type { MessageAttachment } from 'equilux-chat-client'
import type { Fault } from './fault.js'
import type { Prepared } from './prepare.js'

/** As many as a message can have. */
export const maxFiles = 4

/** What the server takes. */
export interface Limits {
  readonly maxBytes: number
  readonly mediaTypes: readonly string[]
}

/** A file that is being attached to a message. */
export interface FileDraft {
  readonly key: string
  readonly name: string
  /** In bytes: of what is uploaded, as soon as that is known. */
  readonly size: number
  readonly state: 'preparing' | 'uploading' | 'ready' | 'failed'
  /** How much of it has been uploaded: 0 to 1. */
  readonly progress: number
  readonly prepared?: Prepared
  readonly fault?: Fault
  readonly attachment?: MessageAttachment
}

export interface Drafts {
  readonly files: readonly FileDraft[]
  /** Those that were not taken the last time, and why. */
  readonly refused: ReadonlyArray<{ readonly name: string, readonly fault: Fault }>
  /** How many more there were than a message can have. */
  readonly leftOut: number
}

export const noDrafts: Drafts = { files: [], refused: [], leftOut: 0 }

/** What keeps files from being sent, if anything: they are on their way, or one of them failed. */
export function hindranceOf ({ files }: Drafts): 'uploading' | 'failed' | undefined {
  if (files.some(({ state }) => state === 'failed')) return 'failed'
  return files.some(({ state }) => state !== 'ready') ? 'uploading' : undefined
}

/** What has been uploaded. */
export function readyIn ({ files }: Drafts): MessageAttachment[] {
  return files.flatMap(({ attachment }) => attachment ?? [])
}
