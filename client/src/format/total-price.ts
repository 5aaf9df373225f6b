import { toDecimal, toUnits } from './decimal.js'
import { amount, price } from './limits.js'

/**
 * What an amount costs, exactly as the server computes it: `'3.375'` for 0.27 and 12.5.
 * @param pricePerUnit per kWh, at most 5 decimals
 * @param totalAmount in kWh, at most 3 decimals
 * @returns undefined as long as one of them is no such decimal
 */
export function totalPrice (pricePerUnit: number | string, totalAmount: number | string): string | undefined {
  const cost = toUnits(pricePerUnit, price.places)
  const energy = toUnits(totalAmount, amount.places)
  return cost === undefined || energy === undefined ? undefined : toDecimal(`${cost * energy}e-${price.places + amount.places}`)
}
