/** A byte order mark: without it spreadsheets take UTF-8 for something else. */
const mark = '\uFEFF'

/**
 * A table as CSV (RFC 4180) in UTF-8, as spreadsheets read it. What a spreadsheet would run as a formula gets an apostrophe in
 * front: others choose their names.
 * @param rows cells as they are; undefined is an empty one
 */
export function toCsv (header: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number | undefined>>): string {
  return mark + [header, ...rows].map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf (value: string | number | undefined): string {
  // Of numbers the shortest decimal form is what was written in JSON.
  const text = typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
