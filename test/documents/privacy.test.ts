import { readFileSync } from 'node:fs'
import t from 'tap'
import type { DatabaseClient } from '../../src/database/database-client.js'
import { createEntities } from '../../src/database/entities/index.js'

const page = readFileSync(new URL('../../docs/privacy.md', import.meta.url), 'utf8')

/** What is used here of an entity. */
interface Described {
  schema: { attributes: Record<string, unknown>, indexes: Record<string, { index?: string, pk: { template?: string }, sk: { template?: string } }> }
}

/** A key as the page writes it: with a dot for each part that differs from item to item. */
const written = (template = '') => template.replace(/\$\{\w+\}(#\$\{\w+\})*/g, '…')

t.test('the page on privacy has a row for every kind of item, with all that it holds', async t => {
  const { entities } = createEntities({ client: { send: async () => ({}) } as unknown as DatabaseClient, table: 'none' })
  const rows = page.split('\n').filter(line => line.startsWith('| `'))
  const found = new Set<string>()
  for (const [name, entity] of Object.entries(entities)) {
    const { attributes, indexes } = (entity as unknown as Described).schema
    const { pk, sk } = Object.values(indexes).find(({ index }) => index === undefined || index === '')!
    const key = `| \`${written(pk.template)}\` / \`${written(sk.template)}\` |`
    const row = rows.find(line => line.startsWith(key))
    if (!t.ok(row, `${name}: ${key}`)) continue
    found.add(row!)
    for (const attribute of Object.keys(attributes)) {
      if (attribute.startsWith('__edb')) continue
      t.ok(row!.includes(`\`${attribute}\``), `${name} holds ${attribute}`)
    }
    t.equal('ttl' in attributes, row!.includes('`ttl`'), `${name}: whether it goes by itself`)
  }
  t.strictSame(rows.filter(line => line.includes('` / `') && !found.has(line)), [], 'nothing else is there')
})
