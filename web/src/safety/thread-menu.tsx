import { Ban, Bell, BellOff, EllipsisVertical, Flag, UserRoundCheck } from 'lucide-react'
import { useItem } from '../conversations/use-item.js'
import { useText } from '../i18n/index.js'
import { Menu, type MenuAction } from '../ui/index.js'
import type { Safety } from './use-safety.js'

const hour = 3_600_000

/** What can be done about a conversation and whom it is with. */
export function ThreadMenu ({ safety: { userId, isBlocked, mute, unblock, open } }: { safety: Safety }) {
  const text = useText()
  const item = useItem(userId)
  const muting: MenuAction[] = item?.isMuted === true
    ? [{ id: 'unmute', label: text('chat.unmute'), icon: Bell, onAction: () => mute(false) }]
    : [
        ...[1, 8].map(hours => ({ id: `mute ${hours}`, label: text('safety.muteFor', { hours }), icon: BellOff, onAction: () => mute(true, hours * hour) })),
        { id: 'mute', label: text('safety.muteForever'), icon: BellOff, onAction: () => mute(true) }
      ]
  const blocking: MenuAction = isBlocked
    ? { id: 'unblock', label: text('safety.unblock'), icon: UserRoundCheck, onAction: unblock }
    : { id: 'block', label: text('safety.block'), icon: Ban, isGrave: true, onAction: () => open('block') }
  const report: MenuAction = { id: 'report', label: text('safety.report'), icon: Flag, isGrave: true, onAction: () => open('report') }
  return <Menu label={text('safety.menu')} icon={EllipsisVertical} actions={[...item === undefined ? [] : muting, blocking, report]} />
}
