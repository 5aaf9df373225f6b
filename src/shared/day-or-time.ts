const pattern = /^2\d{3}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/

/** Whether it is a date, or a time with an offset as RFC 3339 writes it, without a leap second; of the years 2000 to 2999. */
export function isDayOrTime (text: string): boolean {
  if (!pattern.test(text)) return false
  const date = text.slice(0, 10)
  const at = Date.parse(date)
  // There is no 30th of February, but for some a 2nd of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
}

/** Whether it is a date alone. */
export function isDay (text: string): boolean {
  return text.length === 10
}
