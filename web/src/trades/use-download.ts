import type { ChatError } from 'equilux-chat-client'
import { useChat, useStore } from 'equilux-chat-client/react'
import { useEffect, useRef, useState } from 'react'
import { useNamesOf } from '../offers/use-person.js'
import { otherOf } from '../offers/standing.js'
import { saveFile } from '../ui/index.js'
import { csvHeader, csvRow } from './csv-rows.js'
import { toCsv } from './csv.js'
import { queriesOf, type Filter } from './filter.js'
import { readOn, unread, type Reading } from './read-trades.js'
import { rowsOf } from './rows.js'

const pageSize = 100

/** Makes a file of all offers that match a filter, those not loaded included. */
export function useDownload (filter: Filter) {
  const store = useStore()
  const me = useChat(({ me }) => me) ?? ''
  const namesOf = useNamesOf()
  const [state, setState] = useState<{ isBusy: boolean, error?: ChatError }>({ isBusy: false })
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  const download = async () => {
    if (state.isBusy) return
    const { signal } = abort.current = new AbortController()
    setState({ isBusy: true })
    const queries = queriesOf(filter)
    let reading: Reading = { streams: unread(queries) }
    while (reading.error === undefined && reading.streams.some(({ nextPageToken }) => nextPageToken !== null)) {
      reading = await readOn(store.api, queries, reading.streams, pageSize, signal)
    }
    if (signal.aborted) return
    if (reading.error !== undefined) return setState({ isBusy: false, error: reading.error })
    const offers = rowsOf({ streams: reading.streams, heard: Object.values(store.getSnapshot().offers), filter, me, now: store.now() })
      .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt))
    const nameOf = await namesOf(offers.map(offer => otherOf(offer, me)))
    const csv = toCsv(csvHeader, offers.map(offer => csvRow(offer, me, nameOf)))
    saveFile(`trades-${new Date(store.now()).toISOString().slice(0, 10)}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }))
    setState({ isBusy: false })
  }
  return { ...state, download: () => { download().catch(reportError) } }
}
