/**
 * The SHA-256 of bytes, in base64.
 * @returns undefined where there is none to be had: in pages that didn't come over https
 */
export async function sha256Of (bytes: ArrayBuffer): Promise<string | undefined> {
  // Typed as if it were always there.
  const { subtle } = globalThis.crypto as Partial<Crypto>
  return subtle && btoa(String.fromCharCode(...new Uint8Array(await subtle.digest('SHA-256', bytes))))
}
