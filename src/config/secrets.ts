import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, ResolvedConfig } from '../../schemas/config.js'
import { makePrivateFolder } from '../shared/private-folder.js'
import { deriveCursorSecret, deriveWebhookSecret } from './derived-secrets.js'

const minSecretBytes = 32

/**
 * Fills in the secrets that were not configured. Outside production they are generated once and kept in DATA_DIR;
 * in production loadConfig has made sure that none needs to be.
 * @throws Error naming the file where a kept secret can't be used
 */
export async function resolveSecrets (config: Config): Promise<ResolvedConfig> {
  const kept = (name: string) => {
    if (config.NODE_ENV === 'production') throw new Error('Secrets must be configured in production')
    return keptSecret(config.DATA_DIR, name)
  }
  const secrets = config.JWT_SECRET ?? (config.JWT_JWKS_URL === undefined ? [await kept('jwt-secret')] : undefined)
  // One of each JWT secret, in their order: while those rotate, cursors of the old one stay good.
  const cursorSecrets = config.CURSOR_SECRET ?? secrets?.map(deriveCursorSecret) ?? [await kept('cursor-secret')]
  const webhookSecret = config.WEBHOOK_SECRET ?? deriveWebhookSecret(cursorSecrets[0] as string)
  return { ...config, JWT_SECRET: secrets, CURSOR_SECRET: cursorSecrets, WEBHOOK_SECRET: webhookSecret }
}

async function keptSecret (directory: string, name: string): Promise<string> {
  makePrivateFolder(directory)
  const path = join(directory, name)
  const kept = await readSecret(path) ?? await keepSecret(path)
  if (Buffer.byteLength(kept) < minSecretBytes) {
    throw new Error(`${path} must hold a secret of at least ${minSecretBytes} bytes; remove the file to get a new one`)
  }
  return kept
}

async function readSecret (path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

// The file is written under another name and linked to its own, which fails where it exists: of two starts at once,
// the second reads what the first wrote, never an empty file.
async function keepSecret (path: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${secret}\n`, { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, path)
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return await readSecret(path) ?? ''
  } finally {
    await rm(draft)
  }
}
