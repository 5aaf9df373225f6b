/** What a list shows, without its cursor, which is another one each time. */
export function listed<List extends { cursor: string }> ({ cursor, ...rest }: List): Omit<List, 'cursor'> {
  if (typeof cursor !== 'string') throw new TypeError('The list has no cursor')
  return rest
}
