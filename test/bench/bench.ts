// Measures what the server costs, beside the least that it could: `npm run bench`, or `npm run bench -- send respond --reps 5`.
//   --reps n      repetitions (3)
//   --seconds s   how long each row is measured in each (2)
//   --connections n (64): fewer where the machine is too busy for the server's time-outs
//   --client c    lean, sdk, or both side by side (lean)
//   --profile     in one repetition more, tells where the server's time goes
//   --instant     a process that answers at once stands in for the database: the server alone
import { cpus } from 'node:os'
import type { Profiler } from 'node:inspector'
import { parseArgs } from 'node:util'
import { measure, type Sample } from './http.js'
import { liveRows, measureLive } from './live.js'
import { summarize } from './profile.js'
import { rows, type Row } from './rows.js'
import { Site, type Subject } from './site.js'
import { describeStorms, measureStorm, type Storm } from './storm.js'
import { table, type Line } from './table.js'

type LiveName = keyof typeof liveRows
const liveNames = Object.keys(liveRows) as LiveName[]

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reps: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '64' },
    client: { type: 'string', default: 'lean' },
    profile: { type: 'boolean', default: false },
    instant: { type: 'boolean', default: false }
  }
})
const [connections, duration] = [Number(options.connections), Number(options.seconds) * 1000]
const names = [...Object.keys(rows), ...liveNames, 'storm']
const unknown = positionals.filter(name => !names.includes(name))
if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}; there are ${names.join(', ')}`)
const wanted = (name: string) => positionals.length === 0 || positionals.includes(name) || name === 'floor'
const httpRows = Object.entries(rows).filter(([name]) => wanted(name))
const live = liveNames.filter(wanted)

const site = await Site.open(options.client === 'both' ? ['sdk', 'lean'] : [options.client], options.instant)
const samples = new Map<string, Sample[]>()
const storms = new Map<Subject, Storm[]>(site.servers.map(subject => [subject, []]))
/** Which repetition it is; the one before the first doesn't count, for code is compiled and optimized in it. */
let rep = -1
const keep = (row: string, subject: Subject, sample: Sample) => {
  if (rep < 0) return
  const key = `${row} ${subject.name}`
  samples.set(key, [...samples.get(key) ?? [], sample])
}
const kept = (row: string, subject: Subject) => samples.get(`${row} ${subject.name}`) ?? []

try {
  // Interleaved, so that what else happens on the machine meets all rows alike.
  for (; rep < Number(options.reps); rep++) {
    for (const [name, row] of httpRows) {
      for (const subject of row.floor ? [site.floors] : site.servers) keep(name, subject, await measure(site, subject, row, connections, duration))
    }
    if (wanted('storm')) {
      for (const [subject, seen] of storms) {
        const storm = await measureStorm(site, subject)
        if (rep >= 0) seen.push(storm)
      }
    }
    if (live.length === 0) continue
    for (const subject of [site.floors, ...site.servers]) {
      const found = await measureLive(site, subject, subject === site.floors)
      for (const name of live) keep(name, subject, found[name])
    }
  }
  if (options.profile) {
    for (const [name, row] of httpRows) {
      if (row.floor === undefined) for (const subject of site.servers) await profile(name, subject, row)
    }
  }
  console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${options.instant ? 'a database that answers at once' : 'the embedded engine'}, ${options.connections} connections, ${options.reps} repetitions`)
  console.log(`${new Date().toISOString()}; CPU seconds of the process for 1,000 requests, medians; ratios to the floor\n`)
  console.log(table(httpRows.flatMap(([name, row]) => (row.floor ? [site.floors] : site.servers)
    .map(subject => line(name, subject, row.title, row.target, kept('floor', site.floors))))))
  if (live.length > 0) {
    console.log(`\n${table(live.flatMap(name => [site.floors, ...site.servers]
      .map(subject => line(name, subject, liveRows[name].title, liveRows[name].target, kept(name, site.floors)))))}`)
  }
  if (wanted('storm')) for (const [{ name }, seen] of storms) console.log(`\n${site.servers.length > 1 ? `${name}, ` : ''}${describeStorms(seen)}`)
} finally {
  await site.close()
}

async function profile (name: string, subject: Subject, row: Row) {
  await subject.child.ask('start-profile')
  await measure(site, subject, row, connections, duration)
  const { profile } = await subject.child.ask<{ profile: Profiler.Profile }>('stop-profile')
  console.log(`${name}, ${subject.name}: where the server's time goes, its preparation included\n${summarize(profile)}\n`)
}

function line (name: string, subject: Subject, title: string, target: string | undefined, floor: Sample[]): Line {
  const isFloor = subject === site.floors
  const of = isFloor ? name in rows ? '' : ', bare ws' : site.servers.length > 1 ? `, ${subject.name}` : ''
  return { title: `${title}${of}`, target: isFloor ? undefined : target, samples: kept(name, subject), floor }
}
