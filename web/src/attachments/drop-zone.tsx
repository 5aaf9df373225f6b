import { Paperclip } from 'lucide-react'
import { useEffect, useState, type DragEvent, type ReactNode } from 'react'
import { useText } from '../i18n/index.js'
import type { FileDrafts } from './file-drafts.js'

const hasFiles = ({ dataTransfer }: Pick<DragEvent | globalThis.DragEvent, 'dataTransfer'>) => dataTransfer?.types.includes('Files') === true

/** Where files can be dropped to be attached. @param drafts undefined while they can't */
export function DropZone ({ drafts, children }: { drafts: FileDrafts | undefined, children: ReactNode }) {
  const text = useText()
  const [isOver, setOver] = useState(false)
  useMissedDrops()
  const onDrag = (event: DragEvent) => {
    if (drafts === undefined || !hasFiles(event)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setOver(true)
  }
  return (
    <div
      className='relative flex min-h-0 flex-1 flex-col' onDragEnter={onDrag} onDragOver={onDrag}
      onDragLeave={({ currentTarget, relatedTarget }) => { if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false) }}
      onDrop={event => {
        setOver(false)
        if (drafts === undefined || !hasFiles(event)) return
        event.preventDefault()
        drafts.add(Array.from(event.dataTransfer.files))
      }}
    >
      {children}
      {isOver && (
        <div className='pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center gap-3 rounded-2xl border-2 border-dashed border-accent bg-accent-soft/95 p-6 text-center font-medium text-accent'>
          <Paperclip aria-hidden className='size-8' />{text('files.drop')}
        </div>
      )}
    </div>
  )
}

/** Keeps the browser from leaving the app to open a file that was dropped beside. */
function useMissedDrops () {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent) => {
      if (event.defaultPrevented || !hasFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
    }
    window.addEventListener('dragover', refuse)
    window.addEventListener('drop', refuse)
    return () => {
      window.removeEventListener('dragover', refuse)
      window.removeEventListener('drop', refuse)
    }
  }, [])
}
