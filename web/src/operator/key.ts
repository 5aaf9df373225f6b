/** What a key of an integration looks like, as far as one can tell without asking. */
const form = /^eqx_[0-9a-f]{16}_[\w-]{43}$/

/** Whether something that was typed may be a key: else it isn't worth being sent anywhere. */
export function mayBeKey (typed: string): boolean {
  return form.test(typed)
}
