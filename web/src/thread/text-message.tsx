import { useLocale } from '../i18n/index.js'
import { Bubble } from './bubble.js'
import { TranslateButton } from './translate-button.js'
import { Translation } from './translation.js'
import { canTranslate } from './translator.js'
import { useTranslation } from './use-translation.js'

interface Props {
  text: string
  isOwn: boolean
  isFirst: boolean
  isLast: boolean
}

/** What was said, and, where the browser can translate what another has said, a button that does so. */
export function TextMessage ({ text, isOwn, isFirst, isLast }: Props) {
  const { locale } = useLocale()
  const { state, run } = useTranslation(text, locale)
  return (
    <div className='flex items-end gap-1'>
      <Bubble {...{ text, isOwn, isFirst, isLast }}>{state !== 'idle' && state !== 'busy' && <Translation state={state} />}</Bubble>
      {!isOwn && canTranslate() && (state === 'idle' || state === 'busy') && <TranslateButton isPending={state === 'busy'} onPress={run} />}
    </div>
  )
}
