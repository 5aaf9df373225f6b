/** Makes each thing once: what Intl makes takes long to make, and is made for few locales and options. */
export function cached<Args extends readonly unknown[], Made> (make: (...args: Args) => Made): (...args: Args) => Made {
  const made = new Map<string, Made>()
  return (...args) => {
    const key = JSON.stringify(args)
    const known = made.get(key) ?? make(...args)
    made.set(key, known)
    return known
  }
}
