/** What the server takes as terms of a trade. */
export const price = { places: 5, maximum: 1_000_000 }
export const amount = { places: 3, maximum: 1_000_000_000 }
