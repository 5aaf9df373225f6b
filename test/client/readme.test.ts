import { readFile } from 'node:fs/promises'
import t from 'tap'

t.test('the README shows the examples that are tested, word for word', async t => {
  const readme = await readFile('client/README.md', 'utf8')
  for (const [file, language] of [['react-chat.tsx', 'tsx'], ['dom-chat.ts', 'ts']] as const) {
    const example = await readFile(`client/examples/${file}`, 'utf8')
    t.ok(readme.includes(`\n\`\`\`${language}\n${example}\`\`\`\n`), file)
  }
})
