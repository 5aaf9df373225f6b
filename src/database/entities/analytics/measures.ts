/**
 * What is counted, as attributes of the items that hold it. All are integers that are only ever added to: DynamoDB does that exactly, and
 * since large ones are held in parts of 8 decimal digits (`0` is the lowest), each stays exact as a JavaScript number up to 9·10⁷ additions.
 * What is zero isn't there.
 */
const counter = (field: string) => ({ type: 'number' as const, field })

/** What happened in negotiations. */
export const activityMeasures = {
  opened: counter('o'),
  accepted: counter('a'),
  rejected: counter('r'),
  withdrawn: counter('w'),
  expired: counter('x'),
  /** Milliseconds from the opening to the acceptance, of all that were accepted. */
  milliseconds: counter('ms'),
  /** How many agreements took how long: by the classes of `agreementClasses`, the last for what takes longer. */
  time0: counter('t0'),
  time1: counter('t1'),
  time2: counter('t2'),
  time3: counter('t3'),
  time4: counter('t4'),
  time5: counter('t5'),
  time6: counter('t6'),
  time7: counter('t7'),
  /** The revisions of all that were accepted. */
  revisions: counter('rv'),
  /** How many agreements have the currency of their opening; only they have a spread. */
  spreads: counter('sn'),
  /** Their spreads in whole basis points of the opening price, signed. */
  spread0: counter('s0'),
  spread1: counter('s1')
}

/** What was agreed. */
export const tradedMeasures = {
  trades: counter('n'),
  /** Wh. */
  energy0: counter('e0'),
  energy1: counter('e1'),
  /** Price × amount, in 10⁻⁸ currency units. */
  value0: counter('v0'),
  value1: counter('v1'),
  value2: counter('v2')
}

export type Activity = Partial<Record<keyof typeof activityMeasures, number>>
export type Agreed = Partial<Record<keyof typeof tradedMeasures, number>>
