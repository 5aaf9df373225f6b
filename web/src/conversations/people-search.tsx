import { lazy, Suspense } from 'react'
import { boxClass } from '../ui/index.js'

const PeopleField = lazy(async () => ({ default: (await import('./people-field.js')).PeopleField }))

/** The search for people. It is as large as all of the list, which is what one came for: so it comes after that. */
export function PeopleSearch (props: { query: string, setQuery: (query: string) => void }) {
  return <Suspense fallback={<div className='px-4 pb-3'><div className={boxClass} /></div>}><PeopleField {...props} /></Suspense>
}
