import { MessagesSquare } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { EmptyState } from '../ui/index.js'

/** What is beside the list as long as no conversation is open. */
export function NothingChosen () {
  const text = useText()
  return <EmptyState icon={MessagesSquare} title={text('chat.choose')}>{text('chat.chooseHint')}</EmptyState>
}
