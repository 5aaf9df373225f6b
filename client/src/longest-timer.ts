/** Timers can't wait longer, in milliseconds. */
export const longestTimer = 2 ** 31 - 1
