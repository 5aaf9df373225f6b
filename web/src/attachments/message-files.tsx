import type { MessageAttachment } from 'equilux-chat-client'
import { classes } from '../ui/index.js'
import { FileCard } from './file-card.js'
import { isPicture } from './media-types.js'
import { Picture } from './picture.js'
import { ProfileCard } from './profile/profile-card.js'

export interface MessageFilesProps {
  attachments: readonly MessageAttachment[]
  isOwn: boolean
  /** Whether the message is on the server: before that nobody can fetch its files. */
  isStored: boolean
  /** Of the other user. */
  name: string
}

/** What belongs to a message: images are shown, a load profile as a chart, and everything can be saved. Nothing else of a file is ever rendered. */
export default function MessageFiles ({ attachments, isOwn, ...props }: MessageFilesProps) {
  return (
    <ul className={classes('flex max-w-full flex-col gap-1.5', isOwn && 'items-end')}>
      {attachments.map(attachment => (
        <li key={attachment.attachmentId} className='max-w-full'>
          {attachment.sealed !== true && isPicture(attachment.mediaType)
            ? <Picture attachment={attachment} {...props} />
            : attachment.sealed !== true && attachment.mediaType === 'text/csv'
              ? <ProfileCard attachment={attachment} {...props} />
              : <FileCard attachment={attachment} {...props} />}
        </li>
      ))}
    </ul>
  )
}
