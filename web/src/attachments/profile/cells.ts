/** The lines of a CSV as cells, without the space around them; empty lines are left out. Semicolons and tabs separate where the first line has some, else commas. */
export function cellsOf (csv: string): string[][] {
  const lines = csv.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/).filter(line => line.trim() !== '')
  const separator = [';', '\t'].find(separator => lines[0]?.includes(separator)) ?? ','
  return lines.map(line => (line.includes('"') ? unquoted(line, separator) : line.split(separator)).map(cell => cell.trim()))
}

/** A line in which cells stand in quotes, within which there may be separators and doubled quotes. */
function unquoted (line: string, separator: string): string[] {
  const cell = new RegExp(`(?:^|${separator})(?:\\s*"((?:[^"]|"")*)"?[^${separator}]*|([^${separator}]*))`, 'g')
  return Array.from(line.matchAll(cell), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}
