import { createContext, useContext } from 'react'
import type { AppConfig } from './load.js'

export type { AppConfig } from './load.js'

const ConfigContext = createContext<AppConfig | undefined>(undefined)

/** Gives the configuration to what is below. */
export const ConfigProvider = ConfigContext.Provider

/** What the server said of itself. */
export function useAppConfig (): AppConfig {
  const config = useContext(ConfigContext)
  if (config === undefined) throw new Error('There is no ConfigProvider above')
  return config
}
