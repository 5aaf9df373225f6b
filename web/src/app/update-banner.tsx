import { Sparkles } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { Button } from '../ui/index.js'
import { Banner } from './banner.js'
import { takeUpdate, useUpdate } from './service-worker.js'

/** Says that there is a new version of the app. */
export function UpdateBanner () {
  const text = useText()
  if (!useUpdate()) return null
  return <Banner icon={Sparkles} tone='info' actions={<Button size='small' onPress={takeUpdate}>{text('shell.reload')}</Button>}>{text('shell.update')}</Banner>
}
