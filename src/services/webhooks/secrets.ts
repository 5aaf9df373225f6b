import { hkdfSync } from 'node:crypto'

/** How long the former secret of an endpoint signs along after a rotation, in ms. */
export const overlap = 24 * 60 * 60 * 1000

/** What of an endpoint its secrets follow from. */
export interface SecretState {
  endpointId: string
  /** Counts the rotations, from 1. */
  secretVersion: number
  /** Until when the version before signs along, in ms since the epoch. */
  previousUntil?: number
}

/**
 * The secret that signs what is sent to an endpoint, as Standard Webhooks writes it. It is derived (HKDF-SHA256, RFC 5869), not stored:
 * a copy of the table forges nothing.
 * @param root WEBHOOK_SECRET
 */
export function secretOf (root: string, { endpointId, secretVersion }: SecretState): string {
  const key = hkdfSync('sha256', root, '', `${endpointId}#${secretVersion}`, 32)
  return `whsec_${Buffer.from(key).toString('base64')}`
}

/**
 * The secrets that sign at a time: for a while after a rotation the former one too.
 * @param now ms since the epoch
 */
export function signingSecrets (root: string, state: SecretState, now: number): string[] {
  const current = secretOf(root, state)
  if (state.previousUntil === undefined || now >= state.previousUntil) return [current]
  return [current, secretOf(root, { ...state, secretVersion: state.secretVersion - 1 })]
}
