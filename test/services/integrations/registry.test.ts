import t from 'tap'
import { createRegistry, RegistryRefusal } from '../../../src/services/integrations/registry.js'
import { testApp } from '../../support/helper.js'
import { registryOf } from '../../support/integrations.js'

t.test('of many who make a key at once one succeeds, and nobody\'s is lost', async t => {
  const registry = registryOf(await testApp(t))
  const { integration: { integrationId }, stored: first } = await registry.create({ name: 'Stadtwerke', scopes: ['trades'] })
  const results = await Promise.allSettled(Array.from({ length: 8 }, async () => await registry.addKey(integrationId)))
  const made = results.flatMap(result => result.status === 'fulfilled' ? [result.value.stored.id] : [])
  t.equal(made.length, 1)
  for (const result of results) if (result.status === 'rejected') t.type(result.reason, RegistryRefusal)
  const [found] = await registry.list()
  t.same(found?.keys.map(({ id }) => id), [first.id, ...made])
  t.equal(found?.version, 2)
})

t.test('a key that has ended makes room for another, which forgets it', async t => {
  const app = await testApp(t)
  let now = Date.now()
  const registry = createRegistry({ entities: app.entities, now: () => now })
  const { integration: { integrationId } } = await registry.create({ name: 'Stadtwerke', scopes: ['trades'] }, now + 1000)
  const second = await registry.addKey(integrationId)
  await t.rejects(registry.addKey(integrationId), /are valid already/)
  now += 1000
  const third = await registry.addKey(integrationId)
  const [found] = await registry.list()
  t.same(found?.keys.map(({ id }) => id), [second.stored.id, third.stored.id])
})

t.test('all integrations are listed, however many there are', async t => {
  const registry = registryOf(await testApp(t))
  const ids: string[] = []
  for (let n = 0; n < 105; n++) ids.push((await registry.create({ name: `Number ${n}`, scopes: [] })).integration.integrationId)
  const found = await registry.list()
  t.same(found.map(({ integrationId }) => integrationId), ids.sort())
  t.match(found[0]?.name, /^Number \d+$/)
})

t.test('what isn\'t there is told, and not made', async t => {
  const registry = registryOf(await testApp(t))
  const { integration: { integrationId } } = await registry.create({ name: 'Stadtwerke', scopes: ['trades'] })
  const other = '0'.repeat(16)
  for (const act of [registry.addKey, registry.revokeKey, registry.setDisabled] as Array<(id: string, what: never) => Promise<unknown>>) {
    await t.rejects(act(other, 'x' as never), { message: `There is no integration ${other}` })
  }
  await t.rejects(registry.revokeKey(integrationId, 'x'), { message: `${integrationId} has no key x` })
  t.equal((await registry.list()).length, 1)
})
