import { useId } from 'react'
import { classes } from '../../ui/index.js'
import { useSay } from '../words.js'
import type { Column } from './column.js'

/** A page with more of them gets slow, and nobody reads them one by one. */
const maxRows = 1000

interface Props<Row> {
  title: string
  columns: ReadonlyArray<Column<Row>>
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** Whether nothing happened in a row: then it is left out. */
  isQuiet: (row: Row) => boolean
  /** Else it is there for those who are read to. */
  isVisible: boolean
  countText: (count: number) => string
}

/** The numbers of a chart. */
export function NumbersTable<Row> ({ title, columns, rows, keyOf, isQuiet, isVisible, countText }: Props<Row>) {
  const say = useSay()
  const id = useId()
  const shown = columns.flatMap(({ name, shown }) => shown === undefined ? [] : [{ name, ...shown }])
  const told = rows.filter(row => !isQuiet(row))
  const quiet = rows.length - told.length
  return (
    <div className={classes(isVisible ? 'flex flex-col gap-2' : 'sr-only')}>
      <div {...isVisible && { tabIndex: 0 }} role='region' aria-labelledby={id} className={classes(isVisible && 'max-h-96 overflow-auto rounded-lg border border-line')}>
        <table className='w-full text-sm'>
          <caption id={id} className='sr-only'>{say('analytics.tableOf', { title })}</caption>
          <thead className='sticky top-0 bg-sunken text-muted'>
            <tr>{shown.map(({ name, label }, index) => <th key={name} scope='col' className={classes('px-3 py-2 font-medium', index === 0 ? 'text-start' : 'text-end')}>{label}</th>)}</tr>
          </thead>
          <tbody>
            {told.slice(0, maxRows).map(row => (
              <tr key={keyOf(row)} className='border-t border-line'>
                {shown.map(({ name, cell }, index) => index === 0
                  ? <th key={name} scope='row' className='px-3 py-1.5 text-start font-normal whitespace-nowrap'><bdi>{cell(row)}</bdi></th>
                  : <td key={name} className='px-3 py-1.5 text-end whitespace-nowrap tabular-nums'><bdi>{cell(row)}</bdi></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {quiet > 0 && <p className='text-sm text-muted'>{say('analytics.quiet', { count: quiet })}</p>}
      {told.length > maxRows && <p className='text-sm text-muted'>{say('analytics.firstRows', { shown: countText(maxRows), count: countText(told.length) })}</p>}
    </div>
  )
}
