/** What browsers are not to do with an answer: guess what it is, and show it within another page. */
export const browserSafety = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' } as const
