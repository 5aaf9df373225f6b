const kilobyte = 1000
const megabyte = 1_000_000

/** A file's size, rather less than more: `183 kB`, `1.2 MB`. @param size in bytes */
export function formatSize (size: number, locale: string): string {
  const [unit, each, maximumFractionDigits] = size < megabyte ? ['kilobyte', kilobyte, 0] as const : ['megabyte', megabyte, 1] as const
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits, roundingMode: 'floor' }).format(Math.max(size, kilobyte) / each)
}
