import { useState } from 'react'
import type { Draft } from './draft.js'
import type { Faults } from './fault.js'

/**
 * What is being written in a form for terms, and what is wrong with it: a fault is told until its field is written in.
 * @param begin what the form begins with
 */
export function useDraft (begin: () => Draft) {
  const [draft, setDraft] = useState(begin)
  const [faults, setFaults] = useState<Faults>({})
  const change = (changed: Partial<Draft>) => {
    setDraft({ ...draft, ...changed })
    // That of the form as a whole may be anywhere.
    setFaults(Object.fromEntries(Object.entries(faults).filter(([field]) => field !== 'form' && !(field in changed))))
  }
  return { draft, faults, change, setFaults }
}
