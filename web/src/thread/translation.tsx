import { useLocale, useText } from '../i18n/index.js'
import type { Translated } from './translator.js'

/** What a text is in the reader's language, below the original, which alone counts; or why there is no such thing. */
export function Translation ({ state }: { state: Translated | 'failed' }) {
  const text = useText()
  const { locale } = useLocale()
  if (typeof state === 'string') {
    return <p role='status' className='pt-1 text-xs text-muted'>{text(state === 'same' ? 'chat.translatedSame' : 'chat.translatedNot')}</p>
  }
  const language = new Intl.DisplayNames(locale, { type: 'language' }).of(state.from) ?? state.from
  return (
    <div role='status' className='mt-2 border-t border-line pt-2'>
      <p dir='auto' className='wrap-anywhere whitespace-pre-wrap'>{state.text}</p>
      <p className='pt-1 text-xs text-muted'>{text('chat.translated', { language })}</p>
    </div>
  )
}
