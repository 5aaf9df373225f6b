/** The properties of an object that have a value. */
export function defined (properties: object): Array<[name: string, value: string]> {
  return Object.entries(properties).filter(([, value]) => value !== undefined)
}
