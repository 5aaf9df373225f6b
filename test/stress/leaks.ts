import { readdir, readFile, readlink } from 'node:fs/promises'
import { Redis } from 'ioredis'
import type { Instance } from './instance.js'
import type { World } from './world.js'

/** What one instance, and all of them in Redis, hold on to. */
type Holdings = Map<string, number>

/** What the instances hold on to: to be compared with what they held before there were clients. */
export async function holdings (world: World): Promise<Holdings> {
  const all: Holdings = new Map()
  for (const [n, instance] of world.instances.entries()) {
    for (const [what, count] of [...await inside(instance), ...await sockets(instance, world.databasePort)]) all.set(`instance ${n}: ${what}`, count)
  }
  const redis = new Redis(world.redisPort)
  all.set('Redis: channels', (await redis.pubsub('CHANNELS') as string[]).length)
  all.set('Redis: users online', (await redis.keys('*:online:*')).length)
  redis.disconnect()
  return all
}

/** What is held beyond what was held before. */
export function leaks (before: Holdings, after: Holdings): string[] {
  return [...after].filter(([what, count]) => count > (before.get(what) ?? 0)).map(([what, count]) => `${what}: ${before.get(what) ?? 0} before, now ${count}`)
}

/** The entries of the hub's maps, and the timers. */
async function inside (instance: Instance): Promise<Holdings> {
  const metrics = await instance.metrics()
  return new Map([...metrics].filter(([name]) => /^equilux_(live_connections|users_online|typing_pairs|redis_channels|catch_ups_in_progress|unsent_bytes)\b|^nodejs_active_resources\{type="Timeout"\}/.test(name)))
}

/** A process's sockets by what is at the other end; those to the database are kept open for the next request. */
async function sockets ({ pid, port }: Instance, databasePort: number): Promise<Holdings> {
  const table = (await Promise.all(['tcp', 'tcp6'].map(async name => await readFile(`/proc/${pid}/net/${name}`, 'utf8')))).join('\n')
  const ends = new Map(table.split('\n').map(line => {
    const [, local = '', remote = '', , , , , , , inode] = line.trim().split(/\s+/)
    return [inode, { local: portOf(local), remote: portOf(remote) }]
  }))
  const counts: Holdings = new Map([['sockets of clients', 0], ['other handles', 0]])
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    const end = ends.get(/^socket:\[(\d+)\]$/.exec(target)?.[1])
    if (end?.remote === databasePort) continue
    const what = end?.local === port && end.remote !== 0 ? 'sockets of clients' : 'other handles'
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return counts
}

function portOf (address: string): number {
  return Number.parseInt(address.slice(address.indexOf(':') + 1), 16)
}
