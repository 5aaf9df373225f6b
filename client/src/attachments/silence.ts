/** How long nothing may move on the wire, in ms. */
export const silence = 30_000
