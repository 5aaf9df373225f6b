/** What the server tells the app of itself. */
export interface AppConfig {
  /** The ways to sign in. */
  signIn: { name: boolean, oidc?: { authority: string, clientId: string }, embedOrigins: string[] }
  /** The languages of its answers. */
  locales: string[]
  defaultCurrency: string
  /** Which files can be attached; absent where none can. */
  attachments?: { maxBytes: number, mediaTypes: string[] }
  /** There where figures are made of what is traded. */
  analytics?: true
}

const place = 'equilux:config'

/** Asks the server; where it can't be reached, what it said last. @throws Error where it never said anything */
export async function loadConfig (): Promise<AppConfig> {
  try {
    const response = await fetch('/app-config.json', { cache: 'no-store', signal: AbortSignal.timeout(15_000) })
    if (!response.ok) throw new Error(`The configuration was answered with ${response.status}`)
    const config = await response.json() as AppConfig
    localStorage.setItem(place, JSON.stringify(config))
    return config
  } catch (error) {
    const kept = localStorage.getItem(place)
    if (kept === null) throw error
    return JSON.parse(kept) as AppConfig
  }
}
