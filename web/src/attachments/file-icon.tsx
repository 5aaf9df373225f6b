import { ChartColumn, File, FileCode, FileText, Image } from 'lucide-react'
import { mediaTypeOf } from './media-types.js'

const icons = { image: Image, csv: ChartColumn, pdf: FileText, json: FileCode, xml: FileCode }

/** What kind of file it is, at a glance. @param mediaType may be empty where only the name is known */
export function FileIcon ({ mediaType, name }: { mediaType: string, name: string }) {
  const type = mediaType === '' ? mediaTypeOf({ name, type: '' }) ?? '' : mediaType
  const kind = (Object.keys(icons) as Array<keyof typeof icons>).find(kind => type.includes(kind))
  const Icon = kind === undefined ? File : icons[kind]
  return <span className='flex size-11 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent'><Icon aria-hidden className='size-5' /></span>
}
