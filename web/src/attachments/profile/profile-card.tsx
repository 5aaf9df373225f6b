import { Table } from 'lucide-react'
import { useText } from '../../i18n/index.js'
import { Button } from '../../ui/index.js'
import { FileCard, type FileCardProps } from '../file-card.js'
import { loadsItself } from '../loads-itself.js'
import { fileWindow } from '../opened.js'
import { Chart } from './chart.js'
import { useProfile } from './use-profile.js'
import { useProfileText } from './use-profile-text.js'

/** A CSV: a load profile as a small chart with what it comes to, anything else as a file. */
export function ProfileCard ({ attachment, isStored, name }: FileCardProps) {
  const text = useText()
  const { summaryText } = useProfileText()
  const { profile, fault } = useProfile(attachment, isStored && loadsItself(attachment.size))
  return (
    <FileCard {...{ attachment, isStored, name, fault }}>
      {profile !== undefined && (
        <>
          <Chart profile={profile} className='h-24 w-full' />
          <p className='text-xs text-muted'>{summaryText(profile)}</p>
          <Button size='small' className='self-start' onPress={() => fileWindow.open({ kind: 'profile', attachment, name })}>
            <Table aria-hidden className='size-4' />{text('files.numbers')}
          </Button>
        </>
      )}
    </FileCard>
  )
}
