import { useText } from '../../i18n/index.js'
import type { Profile } from './read-profile.js'
import { useProfileText } from './use-profile-text.js'

/** A page with more of them gets slow, and nobody reads them one by one. */
const maxRows = 1000

/** The numbers of a profile under each other, as many as can be looked through. */
export function NumbersTable ({ profile: { readings, unit } }: { profile: Profile }) {
  const text = useText()
  const { valueText } = useProfileText()
  return (
    <>
      <div tabIndex={0} role='region' aria-label={text('files.numbers')} className='max-h-80 overflow-y-auto rounded-lg border border-line'>
        <table className='w-full text-sm'>
          <thead className='sticky top-0 bg-sunken text-muted'>
            <tr>
              <th scope='col' className='px-3 py-2 text-start font-medium'>{text('files.column.time')}</th>
              <th scope='col' className='px-3 py-2 text-end font-medium'>{text('files.column.value')}</th>
            </tr>
          </thead>
          <tbody>
            {readings.slice(0, maxRows).map(({ at, value }, index) => (
              <tr key={index} className='border-t border-line'>
                <th scope='row' className='px-3 py-1.5 text-start font-normal'><bdi>{at}</bdi></th>
                <td className='px-3 py-1.5 text-end tabular-nums'><bdi>{valueText(value, unit)}</bdi></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {readings.length > maxRows && <p className='text-sm text-muted'>{text('files.firstRows', { shown: maxRows, count: readings.length })}</p>}
    </>
  )
}
