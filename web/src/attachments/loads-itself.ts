/** What is larger is fetched only when somebody asks for it, in bytes. */
const maxSize = 2 * 2 ** 20

/** What a browser knows of its network, where it says so. */
interface Network { saveData?: boolean, effectiveType?: string }

/** Whether a file is shown without being asked for: where it is small, and nobody saves data or waits long for them. @param size in bytes */
export function loadsItself (size: number, { saveData = false, effectiveType = '' }: Network = networkOf()): boolean {
  return size <= maxSize && !saveData && !effectiveType.endsWith('2g')
}

function networkOf (): Network {
  return (navigator as { connection?: Network }).connection ?? {}
}
