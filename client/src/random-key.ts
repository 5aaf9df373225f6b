/** A key that nothing else has. */
export function randomKey (): string {
  return Array.from(globalThis.crypto.getRandomValues(new Uint32Array(4)), part => part.toString(36)).join('-')
}
