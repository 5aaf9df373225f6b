import t from 'tap'
import { scrape } from '../observability/metrics/scrape.js'
import { eventually, instances, RedisServer } from './instances.js'

t.test('a scrape shows the channels subscribed to, and whether Redis is there', async t => {
  const redis = await RedisServer.start(t)
  const { all: [a] } = await instances(t, redis, 1)
  const states = async () => {
    const { value } = await scrape(a!.app)
    return ['ok', 'away', 'off'].map(state => value('equilux_back_plane_state', { state }))
  }
  const channels = async () => (await scrape(a!.app)).value('equilux_redis_channels')!
  await eventually('Redis is there', async () => (await states())[0] === 1)
  const none = await channels()
  const socket = await a!.open('alice')
  t.equal(await channels(), none + 1)
  socket.socket.close()
  await eventually('the channel is given up', async () => await channels() === none)
  await redis.stop()
  await eventually('Redis is away', async () => (await states())[1] === 1)
  t.strictSame(await states(), [0, 1, 0])
})
