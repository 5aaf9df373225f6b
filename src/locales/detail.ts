import type { Catalogue } from './catalogue.js'

/** What the words of a detail need to know, where they need something. */
interface DetailValues {
  user_id_reserved: { userId: string }
  scope: { scope: string }
  most_endpoints: { max: number }
  requests_a_minute: { max: number }
  reports_a_day: { max: number }
  range_limits: { days: number, points: number }
  attachment_mebibytes: { max: number }
  attachment_mebibytes_a_day: { max: number }
  attachments_pending: { max: number }
  attachment_type: { mediaType: string }
  suspended_until: { until: number }
  frame_type: { types: string }
  claim_missing: { claim: string }
  claim_type: { claim: string }
  claim_value: { claim: string }
}

/** What went wrong in a request, before it is said in a language: the id of a message, with what it needs to know. */
export type Detail = Exclude<keyof Catalogue['details'], keyof DetailValues> |
  { [Id in keyof DetailValues]: { id: Id } & DetailValues[Id] }[keyof DetailValues]
