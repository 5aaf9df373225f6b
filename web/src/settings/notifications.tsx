import { useState } from 'react'
import { useText } from '../i18n/index.js'
import { Notice, Toggle } from '../ui/index.js'
import { setPreference, usePreferences } from './preferences.js'
import { Section } from './section.js'

/** Whether to tell of messages while the page is hidden: asked for here, never at load. */
export function Notifications () {
  const text = useText()
  const { notifications } = usePreferences()
  const isSupported = 'Notification' in window
  const [permission, setPermission] = useState(() => isSupported ? Notification.permission : 'denied')
  const change = async (isOn: boolean) => {
    const granted = isOn && permission !== 'granted' ? await Notification.requestPermission() : permission
    setPermission(granted)
    setPreference('notifications', isOn && granted === 'granted')
  }
  return (
    <Section title={text('shell.notifications')}>
      <Toggle
        label={text('shell.notificationsHint')} isSelected={notifications && permission === 'granted'} isDisabled={!isSupported || permission === 'denied'}
        onChange={isOn => { change(isOn).catch((error: unknown) => reportError(error)) }}
      />
      {!isSupported && <Notice>{text('shell.notificationsUnsupported')}</Notice>}
      {isSupported && permission === 'denied' && <Notice tone='warn'>{text('shell.notificationsDenied')}</Notice>}
    </Section>
  )
}
