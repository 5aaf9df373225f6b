import type { Strategy } from './strategy.js'

/** Somebody who trades by a strategy, and says things that suit it. */
export interface Member {
  name: string
  strategy: Strategy
  greeting: string
  /** What it answers, one after the other. */
  lines: readonly [string, ...string[]]
  /** How long it thinks before it does something, in seconds: from, to. */
  thinks: readonly [number, number]
}

/** Somebody who has traded with all of the cast, and whom no program answers for: whoever signs in by that name sees what came of it. */
export interface Regular {
  name: string
  sells: Strategy
  buys: Strategy
}

/** In 10⁻⁵ of the currency, from hundredths. */
const cents = (price: number) => price * 1000

/** Who is there in the demonstration. */
export const cast: readonly Member[] = [
  {
    name: 'Rosa · roof and battery',
    strategy: { side: 'sell', opening: cents(31), limit: cents(24), proposals: 4, amounts: [3, 5, 8], hours: [18, 19, 20, 21] },
    greeting: 'Hi! My roof filled the battery today. I can spare some for the evening.',
    lines: ['The battery is full by three on a day like this.', 'Evenings are when it is worth something, so that is when I sell.', 'Counter me if that is too much: I do move a little.'],
    thinks: [2, 5]
  },
  {
    name: 'Henrik · heat pump',
    strategy: { side: 'buy', opening: cents(17), limit: cents(23), proposals: 4, amounts: [6, 10, 14], hours: [0, 1, 2, 3, 4, 23] },
    greeting: 'Good day. I heat at night and buy what nobody else needs then.',
    lines: ['At night the price matters to me, not the minute.', 'I can take up to 14 kWh before the tank is hot.', 'If you have anything after eleven, make me an offer.'],
    thinks: [3, 7]
  },
  {
    name: 'Windpark Nord',
    strategy: { side: 'sell', opening: cents(19.5), limit: cents(15), proposals: 3, amounts: [50, 120, 250], hours: [2, 3, 4, 5, 13, 14] },
    greeting: 'Windpark Nord here. A front is coming in: we sell in bulk while it blows.',
    lines: ['Below 50 kWh it hardly pays for us, but do ask.', 'The forecast says eight metres a second, steady.', 'Our price is for the windy hours only.'],
    thinks: [1, 3]
  },
  {
    name: 'Elif · electric car',
    strategy: { side: 'buy', opening: cents(20), limit: cents(27), proposals: 3, amounts: [18, 30, 42], hours: [9, 10, 11, 12, 13] },
    greeting: 'Hello! My car stands at the charger all morning. Do you sell?',
    lines: ['I need 30 kWh before Friday.', 'Sun in the morning is best, then I can drive at noon.', 'Tell me your price, I\'ll tell you mine.'],
    thinks: [2, 4]
  },
  {
    name: 'Bruno · balcony panel',
    strategy: { side: 'sell', opening: cents(27), limit: cents(22), proposals: 2, amounts: [0.4, 0.8, 1.2], hours: [11, 12, 13, 14, 15] },
    greeting: 'Hey, I have one panel on the balcony. It is not much, but it is yours.',
    lines: ['Eight hundred watts when the sun is right above.', 'My neighbours think I am mad. I have sold 40 kWh this year!', 'Take it or leave it, I don\'t haggle for long.'],
    thinks: [1, 3]
  },
  {
    name: 'Gustav · in no hurry',
    strategy: { side: 'buy', opening: cents(14), limit: cents(25), proposals: 7, amounts: [5, 12], hours: [8, 12, 16, 20] },
    greeting: 'Good day to you. I buy, if the price is right. It rarely is.',
    lines: ['Hm. Let me think about that.', 'When I was young a kilowatt-hour was eleven pfennigs.', 'We have time, have we not?'],
    thinks: [5, 10]
  }
]

/** A community that takes what the neighbours have too much of, and passes it on. */
export const regular: Regular = {
  name: 'Nora',
  sells: { side: 'sell', opening: cents(29), limit: cents(19.5), proposals: 5, amounts: [6, 12, 20, 45], hours: [0, 2, 7, 8, 10, 12, 17, 20] },
  buys: { side: 'buy', opening: cents(14.5), limit: cents(27), proposals: 5, amounts: [1, 6, 40, 160], hours: [3, 5, 11, 13, 14, 18, 19, 21] }
}
