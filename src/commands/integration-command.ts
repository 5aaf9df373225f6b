import { parseArgs } from 'node:util'
import { scopes as allScopes, type Scope } from '../../schemas/integration.js'
import type { IntegrationItem } from '../database/entities/integration.js'
import { isValid } from '../services/integrations/keys.js'
import type { MadeKey, Registry } from '../services/integrations/registry.js'
import { isName } from '../shared/names.js'
import { UsageError } from './run.js'

/** How the command is used. */
export const usage = `Makes and ends the keys of integrations: servers that work with this one, in the table of this configuration.

Usage: npm run integration -- <command>

  create <name> --scopes <scopes> [--ends <time>]   a new integration; its key is shown once
  keys add <id> [--ends <time>]                     another key, shown once; two may be valid at a time
  keys revoke <id> <key id>                         ends a key, within 15 s everywhere
  list                                              all integrations and their keys
  disable <id>, enable <id>                         refuse all keys of an integration, or no longer

  --scopes   any of ${allScopes.join(', ')}, separated by commas
  --ends     when the key ends, e.g. 2027-01-01T00:00:00Z (never)
  --help     this text
`

/** What is done with the integrations; what it returns is printed. */
export type Action = (registry: Registry) => Promise<string>

function parseArguments (args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { scopes: { type: 'string' }, ends: { type: 'string' }, help: { type: 'boolean' } }
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`)
  }
}

/**
 * What a command line asks for.
 * @returns what is to be done, or nothing where only the usage is to be shown
 * @throws UsageError
 */
export function parseCommand (args: string[]): Action | undefined {
  const { values, positionals } = parseArguments(args)
  if (values.help) return undefined
  const endsAt = values.ends === undefined ? undefined : parseEnd(values.ends)
  const [command, ...rest] = positionals[0] === 'keys' ? [positionals.slice(0, 2).join(' '), ...positionals.slice(2)] : positionals
  const [first = '', second = ''] = rest
  const commands: Record<string, { needs: string[], options: string[], action: () => Action }> = {
    create: { needs: ['name'], options: ['scopes', 'ends'], action: () => create(parseName(first), parseScopes(values.scopes), endsAt) },
    'keys add': { needs: ['id'], options: ['ends'], action: () => async registry => showKey(await registry.addKey(first, endsAt)) },
    'keys revoke': { needs: ['id', 'key id'], options: [], action: () => revoke(first, second) },
    list: { needs: [], options: [], action: () => list },
    disable: { needs: ['id'], options: [], action: () => setDisabled(first, true) },
    enable: { needs: ['id'], options: [], action: () => setDisabled(first, false) }
  }
  if (command === undefined || !Object.hasOwn(commands, command)) throw new UsageError(`One of the commands is needed\n\n${usage}`)
  const { needs, options, action } = commands[command]!
  if (rest.length !== needs.length) throw new UsageError(`${command} takes ${needs.map(name => `<${name}>`).join(' ') || 'nothing more'}\n\n${usage}`)
  for (const name of Object.keys(values)) if (!options.includes(name)) throw new UsageError(`${command} takes no --${name}\n\n${usage}`)
  return action()
}

function parseName (name: string): string {
  if (isName(name)) return name
  throw new UsageError('A name is one line of 1 to 100 characters, without spaces at its ends and characters that can\'t be seen')
}

function parseScopes (text = ''): Scope[] {
  const scopes = [...new Set(text.split(',').map(scope => scope.trim()).filter(Boolean))] as Scope[]
  const unknown = scopes.find(scope => !allScopes.includes(scope))
  if (unknown !== undefined || scopes.length === 0) {
    throw new UsageError(`--scopes must be any of ${allScopes.join(', ')}, separated by commas${unknown === undefined ? '' : `, not ${JSON.stringify(unknown)}`}`)
  }
  return scopes
}

/** @returns ms since the epoch */
function parseEnd (text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN
  if (!(time > Date.now())) throw new UsageError(`--ends must be a time to come, such as 2027-01-01T00:00:00Z, not ${JSON.stringify(text)}`)
  return time
}

const create = (name: string, scopes: Scope[], endsAt?: number): Action => async registry => {
  const { integration, ...made } = await registry.create({ name, scopes }, endsAt)
  process.stderr.write(`${name}: integration ${integration.integrationId}, with the scopes ${scopes.join(', ')}\n`)
  return showKey(made)
}

/** What is said about it goes to the standard error, so that the key is all that a program gets. */
function showKey ({ key, stored }: MadeKey): string {
  process.stderr.write(`Key ${stored.id}, ${showEnd(stored.endsAt)}, shown this once:\n`)
  return `${key}\n`
}

const revoke = (integrationId: string, keyId: string): Action => async registry => {
  await registry.revokeKey(integrationId, keyId)
  return `Key ${keyId} is revoked: it is refused within 15 s\n`
}

const setDisabled = (integrationId: string, isDisabled: boolean): Action => async registry => {
  await registry.setDisabled(integrationId, isDisabled)
  return `Integration ${integrationId} is ${isDisabled ? 'disabled: its keys are refused' : 'enabled: its keys are accepted'} within 15 s\n`
}

const list: Action = async registry => {
  const found = await registry.list()
  return found.length === 0 ? 'There are no integrations\n' : found.map(showIntegration).join('')
}

function showIntegration ({ integrationId, name, scopes, keys, isDisabled }: IntegrationItem): string {
  const lines = keys.map(({ id, createdAt, endsAt }) =>
    `  key ${id}, made ${new Date(createdAt).toISOString()}, ${isValid({ endsAt }, Date.now()) ? showEnd(endsAt) : 'ended'}`)
  return [`${integrationId}  ${name}  ${scopes.join(', ')}${isDisabled ? '  disabled' : ''}`, ...lines, ''].join('\n')
}

function showEnd (endsAt: number | undefined): string {
  return endsAt === undefined ? 'without an end' : `until ${new Date(endsAt).toISOString()}`
}
