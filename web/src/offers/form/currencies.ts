/** Currencies to choose from: those of the places that the app has the languages of, and their neighbours. */
export const currencies = [
  'EUR', 'CHF', 'GBP', 'USD', 'AED', 'AUD', 'CAD', 'CZK', 'DKK', 'EGP', 'HUF', 'INR', 'JPY', 'MAD', 'MXN', 'NOK', 'NZD', 'PLN', 'RON', 'SAR', 'SEK', 'TRY'
]

/** Those and others that are needed, each once, with their names. */
export function currencyOptions (locale: string, needed: readonly string[]): Array<{ value: string, label: string }> {
  const names = new Intl.DisplayNames(locale, { type: 'currency' })
  return Array.from(new Set([...needed, ...currencies]), value => ({ value, label: `${value} · ${names.of(value) ?? value}` }))
}
