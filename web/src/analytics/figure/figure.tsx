import { Download, Table } from 'lucide-react'
import { lazy, Suspense, useId, useState, type ReactNode } from 'react'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { useText } from '../../i18n/index.js'
import { Button, classes, saveFile, Spinner } from '../../ui/index.js'
import type { Drawing } from '../chart/drawing.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { csvOf, type Column } from './column.js'
import { NumbersTable } from './numbers-table.js'

// What draws is larger than all the rest: the numbers needn't wait for it.
const Canvas = lazy(async () => await import('../chart/canvas.js'))

export interface FigureProps<Row> {
  title: string
  hint: string
  drawing: Drawing
  /** What the chart comes to, in words. */
  label: string
  /** The first is what a row is about. */
  columns: ReadonlyArray<Column<Row>>
  rows: readonly Row[]
  keyOf: (row: Row) => string
  isQuiet?: (row: Row) => boolean
  /** Without its ending. */
  fileName: string
  /** What to say instead of drawing: there would be nothing to see. */
  nothing?: ReactNode
  /** What is chosen for this one alone. */
  controls?: ReactNode
  /** Said below the chart. */
  note?: ReactNode
  /** How high the chart is at least: a class. */
  height?: string
}

const never = () => false

/** A chart with its numbers: as a table, which is shown on demand and always read aloud, and to download. */
export function Figure<Row> ({ title, hint, drawing, label, columns, rows, keyOf, isQuiet = never, fileName, nothing, controls, note, height = 'min-h-72' }: FigureProps<Row>) {
  const text = useText()
  const say = useSay()
  const { count: countText } = useNumberText()
  const id = useId()
  const [isTableVisible, setTableVisible] = useState(false)
  const download = () => saveFile(`${fileName}.csv`, new Blob([csvOf(columns, rows)], { type: 'text/csv;charset=utf-8' }))
  return (
    <section aria-labelledby={id} className='relative flex min-w-0 flex-col gap-3 rounded-2xl border border-line bg-raised p-4 sm:p-5'>
      <header className='flex flex-wrap items-start justify-between gap-x-4 gap-y-2'>
        <div className='min-w-0 flex-1 basis-56'>
          <h2 id={id} className='font-semibold'>{title}</h2>
          <p className='text-sm text-muted'>{hint}</p>
        </div>
        <div className='flex flex-wrap items-center gap-2'>
          {controls}
          <ToggleButton
            isSelected={isTableVisible} onChange={setTableVisible} aria-label={say('analytics.tableOf', { title })}
            className='inline-flex min-h-8 cursor-pointer items-center gap-2 rounded-lg border border-line-strong/60 px-3 text-sm font-medium text-ink transition-colors hover:bg-sunken selected:border-accent selected:bg-accent-soft selected:text-accent'
          >
            <Table aria-hidden className='size-4' />{say('analytics.table')}
          </ToggleButton>
          <Button size='small' isDisabled={rows.length === 0} aria-label={say('analytics.downloadOf', { title })} onPress={download}>
            <Download aria-hidden className='size-4' />{say('analytics.download')}
          </Button>
        </div>
      </header>
      {nothing ?? (
        <div className={classes('relative min-w-0 grow', height)}>
          <div className='absolute inset-0'>
            <Suspense fallback={<div className='flex h-full items-center justify-center'><Spinner label={text('shell.loading')} /></div>}>
              <Canvas {...{ drawing, label }} />
            </Suspense>
          </div>
        </div>
      )}
      {note}
      {rows.length > 0 && <NumbersTable {...{ title, columns, rows, keyOf, isQuiet, countText }} isVisible={isTableVisible} />}
    </section>
  )
}
