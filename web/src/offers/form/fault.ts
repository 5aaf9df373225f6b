import type { TextId } from '../../i18n/index.js'
import type { Draft } from './draft.js'

/** What is wrong with a field, in words of the catalogue. */
export interface Fault {
  id: TextId
  values?: Record<string, string | number>
}

/** What is wrong with a draft, field by field; `form` with all of it. */
export type Faults = Partial<Record<keyof Draft | 'form', Fault>>
