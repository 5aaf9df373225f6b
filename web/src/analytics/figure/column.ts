import type { ReactNode } from 'react'
import { toCsv } from '../../trades/csv.js'

/** A column of the numbers that a chart shows. */
export interface Column<Row> {
  /** In a download: the name that the API has for it, which doesn't change with the reader's language. */
  name: string
  /** As it is in a download: as the server said it. */
  value: (row: Row) => string | number | null
  /** How it is shown; absent where it is in downloads only. */
  shown?: { label: string, cell: (row: Row) => ReactNode }
}

/** Rows as a CSV. */
export function csvOf<Row> (columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  return toCsv(columns.map(({ name }) => name), rows.map(row => columns.map(({ value }) => value(row) ?? undefined)))
}
