import { Link } from 'wouter'
import { Avatar } from '../ui/index.js'

/** Who an offer is with: a link to where in the thread it was made. */
export function PersonLink ({ userId, name, messageId }: { userId: string, name: string, messageId: string }) {
  return (
    <Link
      href={`/conversations/${encodeURIComponent(userId)}?message=${messageId}`}
      className='inline-flex max-w-56 items-center gap-2.5 rounded-lg font-medium text-ink hover:underline'
    >
      <Avatar {...{ name }} size='small' /><bdi className='truncate'>{name}</bdi>
    </Link>
  )
}
