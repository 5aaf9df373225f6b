const currencies = new Set(Intl.supportedValuesOf('currency'))

/** Whether it is an ISO 4217 code, as far as this version of Node knows them. */
export function isCurrency (code: string): boolean {
  return currencies.has(code)
}
