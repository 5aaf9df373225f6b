import { Camera, FolderOpen, Paperclip } from 'lucide-react'
import { useRef, type RefObject } from 'react'
import { useText } from '../i18n/index.js'
import { IconButton, Menu } from '../ui/index.js'
import type { FileDrafts } from './file-drafts.js'
import { acceptOf } from './media-types.js'

/** Whether it is held in a hand: then there is a camera, which a browser offers where one is asked for. */
const isInHand = () => matchMedia('(hover: none) and (pointer: coarse)').matches

/** Chooses files to attach; on a phone a photo may be taken as well. */
export function AttachButton ({ drafts }: { drafts: FileDrafts }) {
  const text = useText()
  const [files, camera] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)]
  const button = { label: text('files.attach'), icon: Paperclip }
  const open = (field: RefObject<HTMLInputElement | null>) => () => field.current?.click()
  const field = {
    type: 'file',
    hidden: true,
    onChange ({ target }: React.ChangeEvent<HTMLInputElement>) {
      const chosen = Array.from(target.files ?? [])
      // The same file can be chosen again.
      target.value = ''
      drafts.add(chosen)
    }
  }
  return (
    <>
      <input ref={files} {...field} multiple accept={acceptOf(drafts.limits.mediaTypes)} />
      {isInHand()
        ? (
          <>
            <input ref={camera} {...field} accept='image/*' capture='environment' />
            <Menu
              {...button} actions={[
                { id: 'camera', label: text('files.camera'), icon: Camera, onAction: open(camera) },
                { id: 'files', label: text('files.choose'), icon: FolderOpen, onAction: open(files) }
              ]}
            />
          </>
          )
        : <IconButton {...button} onPress={open(files)} />}
    </>
  )
}
