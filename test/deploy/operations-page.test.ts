import { readFileSync } from 'node:fs'
import t from 'tap'
import { ConfigSchema } from '../../schemas/config.js'
import { readTemplate } from './template.js'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

/** The rows of the table that begins with a heading, cell by cell. */
function table (heading: string): string[][] {
  const [, text] = page.split(`| ${heading} |`)
  if (text === undefined) throw new Error(`There is no table that begins with ${heading}`)
  return text.split('\n\n', 1)[0]!.split('\n').slice(2).map(row => row.split('|').slice(1, -1).map(cell => cell.trim()))
}

t.test('the page names every variable with its default', async t => {
  const documented = Object.fromEntries(table('Variable').map(([name, standard]) => [name!.replaceAll('`', ''), standard!.replaceAll('`', '')]))
  const actual = Object.entries(ConfigSchema.properties).map(([name, { default: standard }]) => [name, String(standard ?? '')])
  t.same(documented, Object.fromEntries(actual))
})

t.test('the page lists every alarm', async t => {
  const documented = table('Alarm').flatMap(([names]) => names!.replaceAll('`', '').split(', '))
  const actual = Object.entries(readTemplate('alarms').Resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
  t.same(documented.sort(), actual.map(([name]) => name).sort())
})

t.test('the example of what a month costs is computed correctly', async t => {
  const units = table('Operation | Times a day and user').map(([name, ...figures]) => ({ name, figures: figures.map(Number) }))
  const [total, ...operations] = units.reverse()
  const sums = { write: 0, read: 0 }
  for (const { name, figures: [times, write, read, writeSum, readSum] } of operations) {
    const millions = 10_000 * 30 * times! / 1e6
    t.equal(writeSum, Number((millions * write!).toFixed(1)), `${name}, writing`)
    t.equal(readSum, Number((millions * read!).toFixed(1)), `${name}, reading`)
    sums.write += millions * write!
    sums.read += millions * read!
  }
  t.same(total!.figures.slice(-2), [sums.write, sums.read].map(sum => Number(sum.toFixed(1))))

  const [price, ...items] = table('Item').reverse()
  for (const [name, computation, amount] of items) t.equal(Number(amount), Number(compute(computation!).toFixed(2)), `${name}`)
  t.equal(Number(price!.at(-1)), Number(items.reduce((sum, [, , amount]) => sum + Number(amount), 0).toFixed(2)))
  t.equal(table('Item')[0]?.[1], `${sums.write.toFixed(1)} × 0.625`)
  t.equal(table('Item')[1]?.[1], `${sums.read.toFixed(1)} × 0.125`)
})

/** A sum of products, one pair of brackets deep at most. */
function compute (expression: string): number {
  const flat = expression.replace(/\(([^()]+)\)/g, (_, inner: string) => String(compute(inner)))
  return flat.split('+').map(product => product.split('×').map(Number).reduce((one, other) => one * other)).reduce((one, other) => one + other)
}
