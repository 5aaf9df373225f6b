/** Where the classes of times end by which the server counts agreements, in seconds; what takes longer is in one without an end. */
export const agreementClasses = [60, 300, 900, 3600, 14_400, 86_400, 604_800] as const
