import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { Emitter } from '../../client/src/emitter.js'

class Bell extends Emitter<{ ring: number, stop: string }> {
  ring (value: number) {
    this.emit('ring', value)
  }
}

t.test('listeners are called until they leave', async t => {
  const bell = new Bell()
  const heard: string[] = []
  const off = bell.on('ring', value => heard.push(`a${value}`))
  bell.on('ring', value => heard.push(`b${value}`))
  bell.on('stop', () => heard.push('stop'))
  bell.ring(1)
  off()
  off()
  bell.ring(2)
  t.same(heard, ['a1', 'b1', 'b2'])
})

t.test('what a listener throws is reported as uncaught, and keeps nobody from listening', async t => {
  const program = `
    import { Emitter } from './client/src/emitter.ts'
    process.on('uncaughtException', error => console.log('uncaught: ' + error.message))
    const emitter = new Emitter()
    emitter.on('ring', () => { throw new Error('mine') })
    emitter.on('ring', () => console.log('the other one'))
    emitter.emit('ring')`
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
  t.same(stdout.trim().split('\n'), ['the other one', 'uncaught: mine'])
})
