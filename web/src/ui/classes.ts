/** Joins the names of classes, leaving out those that don't apply. */
export function classes (...names: Array<string | false | undefined>): string {
  return names.filter(Boolean).join(' ')
}
