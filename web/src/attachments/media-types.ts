/** Of what media type files are by the ending of their names, which says more than browsers do: some take a CSV for a spreadsheet's. */
const endings: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heic',
  pdf: 'application/pdf',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  atom: 'application/atom+xml'
}

/** Other names of them that browsers know. */
const synonyms: Readonly<Record<string, string>> = { 'image/jpg': 'image/jpeg', 'image/heif': 'image/heic', 'text/xml': 'application/xml', 'application/csv': 'text/csv' }

/** What every browser decodes. */
const pictures: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp'])

/** What a file is, by its name or else by what the browser says; undefined for what the server knows no name of. */
export function mediaTypeOf ({ name, type }: Pick<File, 'name' | 'type'>): string | undefined {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(endings, ending)) return endings[ending]
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? ''
  return Object.hasOwn(synonyms, plain) ? synonyms[plain] : plain === '' ? undefined : plain
}

/** What a browser is to let people choose from, for the `accept` of a field. */
export function acceptOf (mediaTypes: readonly string[]): string {
  const names = Object.keys(endings).filter(ending => mediaTypes.includes(endings[ending] ?? '')).map(ending => `.${ending}`)
  return [...mediaTypes, ...names].join(',')
}

/** Whether it is an image that every browser shows. */
export function isPicture (mediaType: string): boolean {
  return pictures.has(mediaType)
}

/** The ending by which files of a type are named: `jpg`. */
export function endingOf (mediaType: string): string | undefined {
  return Object.keys(endings).find(ending => endings[ending] === mediaType)
}
