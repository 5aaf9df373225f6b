import { useText } from '../i18n/index.js'

/** In place of what somebody said who has left. */
export function ErasedMessage () {
  return <p className='rounded-2xl border border-dashed border-line-strong/60 px-3.5 py-2 text-[0.9375rem]/6 text-muted italic'>{useText()('safety.erased')}</p>
}
