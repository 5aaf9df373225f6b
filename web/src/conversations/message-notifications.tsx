import { useStore } from 'equilux-chat-client/react'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useLocale, useText } from '../i18n/index.js'
import { usePreferences } from '../settings/preferences.js'
import { NewsWatch } from './news-watch.js'
import { threadPath } from './paths.js'
import { previewOf } from './preview.js'
import { itemOf } from './use-item.js'

/** A stranger's name comes a moment after their first message. In ms. */
const delay = 1000

/** Tells of new messages by the system's notifications while the page is hidden, if the reader wants it. Shows nothing itself. */
export function MessageNotifications () {
  const store = useStore()
  const text = useText()
  const { locale } = useLocale()
  const { notifications: isWanted } = usePreferences()
  const [, navigate] = useLocation()
  useEffect(() => {
    if (!isWanted || !('Notification' in globalThis)) return
    const watch = new NewsWatch(store.now())
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const tell = (userId: string) => {
      timers.delete(userId)
      const { conversations, me } = store.getSnapshot()
      const item = itemOf(conversations, userId)
      if (document.visibilityState !== 'hidden' || Notification.permission !== 'granted' || !item?.lastMessage || item.unreadCount === 0) return
      // Several tabs, and several messages of one user, are one notification.
      // What a stranger says is read by who wants to.
      const body = item.contact === 'requested' ? text('safety.newRequest') : previewOf(item.lastMessage, me, text)
      const notification = new Notification(item.user.username, { body, tag: `equilux ${userId}`, lang: locale, silent: true })
      notification.onclick = () => {
        window.focus()
        notification.close()
        navigate(threadPath(userId))
      }
    }
    const look = () => {
      const { items, requests } = store.getSnapshot().conversations
      for (const userId of watch.look([...items, ...requests])) {
        if (!timers.has(userId)) timers.set(userId, setTimeout(tell, delay, userId))
      }
    }
    look()
    const end = store.subscribe(look)
    return () => {
      end()
      for (const timer of timers.values()) clearTimeout(timer)
    }
  }, [store, isWanted, text, locale, navigate])
  return null
}
