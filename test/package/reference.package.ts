import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { Project } from './project.js'

t.test('the client\'s reference is made from its types, and has no warning', async t => {
  const project = await Project.create(t)
  await promisify(execFile)('npx', ['typedoc', '--options', 'client/typedoc.json', '--out', project.folder])
  const { names } = await project.files('.')
  for (const name of ['classes/index.LiveClient.html', 'interfaces/index.ChatError.html', 'functions/index.createClient.html']) t.ok(names.includes(name), name)
})
