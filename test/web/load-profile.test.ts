import fc from 'fast-check'
import t from 'tap'
import { barsOf, pathOf } from '../../web/src/attachments/profile/bars.js'
import { readProfile, type Profile } from '../../web/src/attachments/profile/read-profile.js'
import { summaryOf } from '../../web/src/attachments/profile/summary.js'

const read = (...lines: string[]) => readProfile(lines.join('\n'))
const values = (profile: Profile | undefined) => profile?.readings.map(({ value }) => value)

t.test('a load profile is read as programs and meters write it', async t => {
  t.same(read('INTERVAL;ENERGY(kWh)', '00:00;0.5', '00:15;0.25'), {
    readings: [{ at: '00:00', value: 0.5 }, { at: '00:15', value: 0.25 }], unit: 'kWh', step: 15
  })
  t.same(read('INTERVAL,POWER(W)', '2019-01-01T00:00,10.0', '2019-01-01T01:00,20.0'), {
    readings: [{ at: '2019-01-01T00:00', value: 0.01 }, { at: '2019-01-01T01:00', value: 0.02 }], unit: 'kW', step: 60
  })
  t.same(read('Datum;Von;Bis;Wert [kWh];Status', '31.12.2026;23:45;00:00;0,125;W', '01.01.2027;00:00;00:15;1.250,5;W'), {
    readings: [{ at: '31.12.2026 23:45', value: 0.125 }, { at: '01.01.2027 00:00', value: 1250.5 }], unit: 'kWh', step: 15
  })
  t.same(values(read('"time","load, kWh"', '"6/30/2027 11:45 PM","1,234.5"', '"7/1/2027 12:00 AM","2"')), [1234.5, 2])
  t.same(values(read('\uFEFFZeit\tMWh', '2027-06-01 00:00:00+02:00\t0,001', '2027-06-01 00:15:00+02:00\t-0,002')), [1, -2])
  t.same(read('00:00 - 00:15;1', '00:15 - 00:30;2', '00:30 - 00:45;'), undefined, 'with gaps it is half of one')
  t.same(read('00:00 - 00:15;1', '00:15 - 00:30;2')?.unit, undefined, 'what it counts isn\'t said')
  t.same(read('Tag;kWh', '2027-06-01;12', '2027-06-02;13')?.step, 1440)
})

t.test('a CSV of something else is none', async t => {
  for (const csv of ['', 'a', 'name;phone\nAnna;123\nBen;456', '00:00;1', 'id,price\n1,2\n2,3', '00:00;one\n00:15;two', '25:00;1\n26:00;2']) {
    t.equal(readProfile(csv), undefined, JSON.stringify(csv))
  }
  t.equal(read('kWh', ...Array.from({ length: 70_177 }, () => '00:00;1')), undefined, 'nor is one that nobody would look at')
})

const reading = fc.record({ minutes: fc.integer({ min: 0, max: 35_039 }).map(quarter => quarter * 15), wh: fc.integer({ min: -99_999, max: 9_999_999 }) })
const two = (number: number) => String(number).padStart(2, '0')
const forms: Array<(at: Date) => string> = [
  at => at.toISOString(),
  at => at.toISOString().slice(0, 16),
  at => at.toISOString().slice(0, 19).replace('T', ' '),
  at => `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  at => `${at.getUTCDate()}/${at.getUTCMonth() + 1}/${at.getUTCFullYear()}, ${at.getUTCHours()}:${two(at.getUTCMinutes())}:00`,
  at => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
]

t.test('every value comes back, in whatever form it was written', async () => {
  fc.assert(fc.property(
    fc.array(reading, { minLength: 2, maxLength: 40 }), fc.constantFrom(...forms), fc.constantFrom(';', ',', '\t'), fc.boolean(), fc.boolean(), fc.constantFrom('\n', '\r\n'),
    (readings, form, separator, hasComma, hasHeader, end) => {
      const cell = (text: string) => text.includes(separator) ? `"${text}"` : text
      const lines = readings.map(({ minutes, wh }) => {
        const number = (wh / 1000).toFixed(3)
        return [form(new Date(Date.UTC(2027, 0, 1) + minutes * 60_000)), hasComma ? number.replace('.', ',') : number].map(cell).join(separator)
      })
      const profile = readProfile([...hasHeader ? [`INTERVAL${separator}ENERGY(kWh)`] : [], ...lines].join(end) + end)
      return profile?.readings.length === readings.length && profile.readings.every(({ value }, index) => Math.abs(value - readings[index]!.wh / 1000) < 1e-9)
    }
  ))
})

t.test('no file makes the reader fail', async () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom(';', ',', '"', '""', '\n', '00:00', '2027-01-01', '1,5', '1.5', '-', '\uFEFF', 'kWh'))
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join('')), csv => {
    const profile = readProfile(csv)
    return profile === undefined || profile.readings.every(({ value }) => Number.isFinite(value))
  }))
})

t.test('a profile comes to its energy, also where it is told in power', async t => {
  const energy = read('t;kWh', '00:00;1', '00:15;3', '00:30;2')
  t.same(energy && summaryOf(energy), { first: { at: '00:00', value: 1 }, last: { at: '00:30', value: 2 }, peak: { at: '00:15', value: 3 }, energy: 6 })
  const power = read('t;kW', '00:00;4', '00:15;4')
  t.equal(power && summaryOf(power)?.energy, 2)
  const unknown = read('t;v', '00:00;4', '00:15;4')
  t.equal(unknown && summaryOf(unknown)?.energy, undefined)
  t.equal(summaryOf({ readings: [] }), undefined)
})

t.test('a chart has no more bars than can be told apart, and hangs below zero what is', async t => {
  t.same(barsOf([1, 2, 3]), [1, 2, 3])
  t.equal(barsOf(Array.from({ length: 35_040 }, () => 2)).length, 96)
  t.ok(barsOf(Array.from({ length: 35_040 }, () => 2)).every(bar => bar === 2), 'they are means')
  t.same(pathOf([1, -1]), { path: 'M0.1 50V0h.8V50zM1.1 50V100h.8V50z', zero: 50 })
  t.same(pathOf([0, 0]).zero, 0)
})
