/** Decimals, money, energy and times as a reader's locale writes them, and back: exact, by Intl, without a dependency. */
export { directionOf, isolate } from './direction.js'
export { formatRelative, formatTimeLeft } from './duration.js'
export { formatEnergy, formatPrice, parseEnergy, parsePrice, type PriceOptions } from './energy.js'
export { formatMoney } from './money.js'
export { formatDecimal } from './numbers.js'
export { parseDecimal } from './parse.js'
export { formatTime, formatWindow, type TimeOptions } from './time.js'
export { totalPrice } from './total-price.js'
