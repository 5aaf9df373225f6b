import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Process { pid: number, args: string }

/** The processes of this host whose arguments contain a text; those that have ended have none. */
export function processesWith (text: string): Process[] {
  // A slim image has no ps, other systems than Linux have no /proc.
  const all = existsSync('/proc/self/cmdline') ? fromProc() : fromPs()
  return all.filter(({ args }) => args.includes(text))
}

function fromProc (): Process[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      return [{ pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
    } catch (error) {
      // It ended meanwhile.
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code!)) return []
      throw error
    }
  })
}

function fromPs (): Process[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n').filter(Boolean)
    .map(line => ({ pid: parseInt(line), args: line.replace(/^\s*\d+ /, '') }))
}
