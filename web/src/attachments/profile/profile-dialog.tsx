import { useText } from '../../i18n/index.js'
import { Dialog, Notice, Spinner } from '../../ui/index.js'
import type { OpenedFile } from '../opened.js'
import { SaveButton } from '../save-button.js'
import { useFaultText } from '../use-fault-text.js'
import { Chart } from './chart.js'
import { NumbersTable } from './numbers-table.js'
import { useProfile } from './use-profile.js'
import { useProfileText } from './use-profile-text.js'

/** A load profile with its numbers. */
export default function ProfileDialog ({ attachment, name, onClose }: OpenedFile & { onClose: () => void }) {
  const text = useText()
  const faultText = useFaultText()
  const { summaryText } = useProfileText()
  const { profile, fault } = useProfile(attachment, true)
  return (
    <Dialog title={text('files.profile')} size='large' isOpen onOpenChange={onClose}>
      <div className='flex flex-col gap-4'>
        {fault !== undefined && <Notice tone='bad'>{faultText(fault, name)}</Notice>}
        {profile === undefined
          ? fault === undefined && <Spinner label={text('files.loading')} />
          : (
            <>
              <Chart profile={profile} className='h-40 w-full' />
              <p className='text-sm'>{summaryText(profile)}</p>
              <NumbersTable {...{ profile }} />
            </>
            )}
        <div className='flex flex-wrap items-center justify-between gap-3'>
          <p className='min-w-0 text-sm text-muted wrap-anywhere'><bdi>{attachment.fileName}</bdi></p>
          <SaveButton {...{ attachment, name }} />
        </div>
      </div>
    </Dialog>
  )
}
