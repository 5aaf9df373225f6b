import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { hindi } from '../../web/build/hindi.js'

const require = createRequire(import.meta.url)
const placeholders = (text: string) => [...text.matchAll(/[{.](\w+)[})]/g)].map(([, name]) => name).sort()

for (const [folder, words] of Object.entries(hindi)) {
  t.test(`${folder} has in Hindi what it has in English`, async t => {
    const [library = '', part = ''] = folder.split('/')
    const file = join(dirname(require.resolve(`${library}/package.json`)), 'dist/private/intl', part, 'en-US.mjs')
    const { default: english } = await import(pathToFileURL(file).href) as { default: Record<string, unknown> }
    t.same(Object.keys(words).sort(), Object.keys(english).sort())
    for (const [name, text] of Object.entries(words)) {
      t.match(text, /\p{Script=Devanagari}/u, name)
      if (name !== 'selectedCount') t.same(placeholders(text), placeholders(String(english[name]).replace(/^.*=>/, '')), `${name}: what is put in`)
    }
  })
}
