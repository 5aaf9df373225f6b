import { useState } from 'react'
import { translate, type Translated } from './translator.js'

export type TranslationState = Translated | 'idle' | 'busy' | 'failed'

/** A text and what it is in the reader's language, as soon as `run` was called and has come to an end. */
export function useTranslation (text: string, locale: string): { state: TranslationState, run: () => void } {
  const [state, setState] = useState<TranslationState>('idle')
  const run = () => {
    setState('busy')
    translate(text, locale).then(setState, () => setState('failed'))
  }
  return { state, run }
}
