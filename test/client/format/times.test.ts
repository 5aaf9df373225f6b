import t from 'tap'
import { formatRelative, formatTime, formatTimeLeft, formatWindow } from '../../../client/src/format/index.js'

const berlin = { timeZone: 'Europe/Berlin' }
// Which kinds of space and dash stand between the parts changes with the version of the locale data.
const plain = (text: string | undefined) => text?.replace(/[\s\u00a0\u2009\u202f]+/g, ' ').replace(/ ?– ?/g, '–')

t.test('a window of delivery is shown in the reader\'s zone, with its offset', async t => {
  const window = { startTime: '2027-06-01T10:00:00.000Z', endTime: '2027-06-01T12:00:00.000Z' }
  t.equal(plain(formatWindow(window, 'en-GB', berlin)), 'Tue, 1 Jun 2027, 12:00–14:00 (GMT+2)')
  t.equal(plain(formatWindow(window, 'en-US', { timeZone: 'Asia/Kolkata' })), 'Tue, Jun 1, 2027, 3:30–5:30 PM (GMT+5:30)')
  t.equal(plain(formatWindow({ startTime: window.startTime }, 'en-GB', berlin)), 'Tue, 1 Jun 2027, 12:00 GMT+2')
  t.match(plain(formatWindow({ ...window, endTime: '2027-06-02T12:00:00.000Z' }, 'en-GB', berlin)),
    /^Tue, 1 Jun 2027, 12:00–Wed, 2 Jun 2027, 14:00 \(GMT\+2\)$/)
})

t.test('where the clocks change within a window, both times say their offset', async t => {
  // The day has 25 hours; between two and three it is each time twice.
  const day = { startTime: '2027-10-30T22:00:00.000Z', endTime: '2027-10-31T23:00:00.000Z' }
  t.equal(plain(formatWindow(day, 'en-GB', berlin)), 'Sun, 31 Oct 2027, 00:00 GMT+2–Mon, 1 Nov 2027, 00:00 GMT+1')
  const hour = { startTime: '2027-10-31T00:30:00.000Z', endTime: '2027-10-31T01:30:00.000Z' }
  t.equal(plain(formatWindow(hour, 'en-GB', berlin)), 'Sun, 31 Oct 2027, 02:30 GMT+2–Sun, 31 Oct 2027, 02:30 GMT+1')
})

t.test('a time says its offset', async t => {
  t.equal(plain(formatTime('2027-06-01T10:00:00.000Z', 'en-GB', berlin)), 'Tue, 1 Jun 2027, 12:00 GMT+2')
  t.equal(formatTime(Date.parse('2027-06-01T10:00:00.000Z'), 'de', berlin), formatTime('2027-06-01T10:00:00.000Z', 'de', berlin))
  t.match(formatTime('2027-06-01T10:00:00.000Z', 'en-GB'), /GMT/, 'by default in the zone of this machine')
})

t.test('what is no time is shown as it is', async t => {
  t.equal(formatTime('soon', 'en'), 'soon')
  t.equal(formatRelative('soon', 0, 'en'), 'soon')
  t.equal(formatWindow({ startTime: 'soon', endTime: 'later' }, 'en'), 'soon')
  t.match(plain(formatWindow({ startTime: '2027-06-01T10:00:00.000Z', endTime: 'later' }, 'en-GB', berlin)), 'Tue, 1 Jun 2027, 12:00 GMT+2')
  t.equal(formatTimeLeft('soon', 0, 'en'), undefined)
})

t.test('a time as seen from now is told in its largest whole unit', async t => {
  const now = Date.parse('2027-06-01T12:00:00.000Z')
  const at = (seconds: number) => formatRelative(now + seconds * 1000, now, 'en')
  t.equal(at(0), 'now')
  t.equal(at(-0.9), 'now')
  t.equal(at(-59), '59 seconds ago')
  t.equal(at(-119), '1 minute ago')
  t.equal(at(7199), 'in 1 hour')
  t.equal(at(-86_400), '1 day ago')
  t.equal(at(-400 * 86_400), '1 year ago')
  t.equal(formatRelative('2027-06-01T11:55:00.000Z', now, 'de'), 'vor 5 Minuten')
  t.equal(formatRelative('2027-06-01T11:55:00.000Z', now, 'ar-EG'), 'قبل ٥ دقائق')
})

t.test('what is left is never more than there is, and nothing once it has run out', async t => {
  const now = Date.parse('2027-06-01T12:00:00.000Z')
  const left = (seconds: number, locale = 'en') => plain(formatTimeLeft(new Date(now + seconds * 1000).toISOString(), now, locale))
  t.equal(left(7199), '1 hr, 59 min')
  t.equal(left(7200), '2 hr')
  t.equal(left(59.9), '59 sec')
  t.equal(left(0.5), '0 sec')
  t.equal(left(400 * 86_400 + 3600), '400 days, 1 hr')
  t.equal(left(0), undefined)
  t.equal(left(-1), undefined)
  t.equal(left(5400, 'de'), '1 Std., 30 Min.')
})
