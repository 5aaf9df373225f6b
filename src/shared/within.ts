/**
 * Waits for something, but not too long.
 * @param ms after which it goes on all the same
 * @param work must not reject
 */
export async function within (ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => { timer = setTimeout(resolve, ms) })
  await Promise.race([work, late])
  clearTimeout(timer)
}
