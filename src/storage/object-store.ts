import type { Readable } from 'node:stream'

/** The bytes that are going to be stored, exactly. */
export interface ObjectTerms {
  key: string
  mediaType: string
  /** In bytes. */
  size: number
  /** In base64. */
  sha256: string
}

/** What somebody without a token needs to upload an object. */
export interface SignedUpload {
  url: string
  /** All of them are signed but `content-length`, which is signed too and sent by every HTTP client itself. */
  headers: Record<string, string>
}

/** What a scanner has said of an object: `unscannable` is what it can't look into, such as a file with a password. */
export type Verdict = 'clean' | 'infected' | 'unscannable'

/**
 * Where the bytes of attachments are: objects that are uploaded once, under a signed URL, and never change. An uploaded one is `pending`, and
 * goes by itself after a day unless it is kept. Every method throws ProblemError storage_unavailable where the store can't be reached.
 */
export interface ObjectStore {
  /** The origin that URLs lead to; undefined where they are relative and lead to this server. */
  readonly origin?: string
  /** @param expiresAt ms since the epoch */
  signUpload: (object: ObjectTerms, expiresAt: number) => Promise<SignedUpload>
  /** A URL that answers with the bytes, to be saved under a name. @param expiresAt ms since the epoch */
  signDownload: (object: { key: string, fileName: string, mediaType: string }, expiresAt: number) => Promise<string>
  /** What is there; undefined if nothing is. */
  head: (key: string) => Promise<{ size: number, sha256: string } | undefined>
  /** The first bytes, at most so many. */
  readStart: (key: string, bytes: number) => Promise<Uint8Array>
  /** All bytes. */
  open: (key: string) => Promise<Readable>
  /** It is not pending any more. */
  keep: (key: string) => Promise<void>
  /** What the store's own scanner has said (ATTACHMENT_SCAN=tag); undefined if nothing yet. */
  verdict: (key: string) => Promise<Verdict | undefined>
  /** Removes it; one that isn't there is no error. */
  remove: (key: string) => Promise<void>
  /** Lets go of its connections. */
  close?: () => void
}

/** What a store needs to know. */
export interface StoreContext {
  /** ms since the epoch. */
  now: () => number
  /** Is told what operators should know. */
  warn: (about: object, message: string) => void
}
