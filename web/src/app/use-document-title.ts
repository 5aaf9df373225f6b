import { useChat } from 'equilux-chat-client/react'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useText, type TextId } from '../i18n/index.js'

const views: Record<string, TextId> = { conversations: 'shell.conversations', trades: 'shell.trades', analytics: 'shell.analytics', settings: 'shell.settings' }

/** Names the page after its view, with how much is unread. */
export function useDocumentTitle (): void {
  const text = useText()
  const [path] = useLocation()
  const unread = useChat(({ conversations }) => conversations.unread)
  const view = views[path.split('/')[1] ?? ''] ?? 'shell.notFound'
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${text(view)} · Equilux`
  }, [text, view, unread])
}
