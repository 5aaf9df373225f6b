import { relative } from 'node:path'
import type { Profiler } from 'node:inspector'

const root = new URL('../..', import.meta.url)

/** Where the time of a profile went: by package or part of the server, and by function, as lines of text. */
export function summarize ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, lines = 12): string {
  const byId = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const parts = new Map<string, number>()
  const functions = new Map<string, number>()
  let total = 0
  for (const [n, id] of samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(id)!
    if (functionName === '(idle)' || functionName === '(program)') continue
    const time = timeDeltas[n] ?? 0
    const [part, path] = place(url, functionName)
    total += time
    parts.set(part, (parts.get(part) ?? 0) + time)
    const name = `${functionName || '(anonymous)'}${path === '' ? '' : ` ${path}:${lineNumber + 1}`}`
    functions.set(name, (functions.get(name) ?? 0) + time)
  }
  const top = (times: Map<string, number>) => [...times].sort(([, one], [, other]) => other - one).slice(0, lines)
    .map(([name, time]) => `${(time / total * 100).toFixed(1).padStart(6)} %  ${name}`)
  return [...top(parts), '', ...top(functions)].join('\n')
}

/** Which part of the whole a function is of, and the path of its file. */
function place (url: string, functionName: string): [part: string, path: string] {
  if (url === '') return [functionName.startsWith('(') ? functionName : 'built in', '']
  if (!url.startsWith('file:')) return [url.startsWith('node:') ? 'node' : url, url]
  const path = relative(root.pathname, new URL(url).pathname)
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
  return [name ?? path.split('/').slice(0, 3).join('/'), path.replace(/.*node_modules\//, '')]
}
