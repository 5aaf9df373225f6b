const [quote, comma, colon, backslash] = [34, 44, 58, 92]
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125]

/** More names than there are in any answer that this server reads. */
const mostNames = 10_000
/** The names of members by a hash of their bytes, so that each is made a string once. */
const names = new Map<number, string>()

/**
 * Reads JSON (RFC 8259) from left to right, out of the bytes that it came as, by who knows what is to come: no objects are made in between.
 * Each method throws a SyntaxError where something else comes.
 */
export class JsonReader {
  #at = 0

  constructor (private readonly bytes: Buffer) {}

  /** The byte that comes next, behind white space; undefined at the end. */
  get #next (): number | undefined {
    while (this.bytes[this.#at]! <= 32) this.#at++
    return this.bytes[this.#at]
  }

  get isNull (): boolean {
    return this.#next === 110
  }

  get isList (): boolean {
    return this.#next === openBracket
  }

  string (): string {
    const { bytes } = this
    this.#expect(quote)
    const start = this.#at
    let end = start
    let any = 0
    for (let byte = bytes[end]; byte !== quote; byte = bytes[++end]) {
      if (byte === undefined) throw unexpected(end)
      if (byte === backslash) return this.#escaped(start)
      any |= byte
    }
    this.#at = end + 1
    return bytes.toString(any < 128 ? 'latin1' : 'utf8', start, end)
  }

  #escaped (start: number): string {
    const { bytes } = this
    let end = start
    while (bytes[end] !== quote) {
      end += bytes[end] === backslash ? 2 : 1
      if (end >= bytes.length) throw unexpected(end)
    }
    this.#at = end + 1
    return JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string
  }

  /** A string that comes again and again. */
  #name (): string {
    const { bytes } = this
    this.#expect(quote)
    const start = this.#at
    let end = start
    let hash = 0
    for (let byte = bytes[end]; byte !== quote; byte = bytes[++end]) {
      if (byte === undefined || byte === backslash) return this.#rareName(start)
      hash = Math.imul(hash, 31) + byte | 0
    }
    const known = names.get(hash)
    if (known === undefined || !this.#stands(known, start, end)) return this.#rareName(start, hash)
    this.#at = end + 1
    return known
  }

  #stands (name: string, start: number, end: number): boolean {
    if (name.length !== end - start) return false
    for (let at = start; at < end; at++) if (this.bytes[at] !== name.charCodeAt(at - start)) return false
    return true
  }

  #rareName (start: number, hash?: number): string {
    this.#at = start - 1
    const name = this.string()
    if (hash === undefined) return name
    if (names.size >= mostNames) names.clear()
    names.set(hash, name)
    return name
  }

  /** Reads an object. @param read reads the value of a member */
  members (read: (name: string) => void): void {
    this.#expect(openBrace)
    if (this.#skip(closeBrace)) return
    do {
      const name = this.#name()
      this.#expect(colon)
      read(name)
    } while (this.#skip(comma))
    this.#expect(closeBrace)
  }

  /** Reads an object of one member. @param read reads its value */
  member<Value> (read: (json: JsonReader, name: string) => Value): Value {
    this.#expect(openBrace)
    const name = this.#name()
    this.#expect(colon)
    const value = read(this, name)
    this.#expect(closeBrace)
    return value
  }

  /** Reads an array. @param read reads a member */
  list<Member> (read: () => Member): Member[] {
    const members: Member[] = []
    this.#expect(openBracket)
    if (this.#skip(closeBracket)) return members
    do members.push(read()); while (this.#skip(comma))
    this.#expect(closeBracket)
    return members
  }

  /** Reads whatever comes, as `JSON.parse` does, but for members named `__proto__`. */
  any (): unknown {
    switch (this.#next) {
      case quote: return this.string()
      case openBracket: return this.list(() => this.any())
      case openBrace: {
        const object: Record<string, unknown> = {}
        this.members(name => { object[name] = this.any() })
        return object
      }
      default: return this.#literal()
    }
  }

  /** A number, `true`, `false` or `null`. */
  #literal (): unknown {
    const start = this.#at
    let end = start
    for (let byte = this.bytes[end]; byte !== undefined && byte > 32 && byte !== comma && byte !== closeBracket && byte !== closeBrace;) byte = this.bytes[++end]
    this.#at = end
    return JSON.parse(this.bytes.toString('latin1', start, end))
  }

  /** Only white space may be left. */
  end (): void {
    if (this.#next !== undefined) throw unexpected(this.#at)
  }

  #expect (character: number): void {
    if (!this.#skip(character)) throw unexpected(this.#at)
  }

  #skip (character: number): boolean {
    const isNext = this.bytes[this.#at] === character || this.#next === character
    if (isNext) this.#at++
    return isNext
  }
}

function unexpected (at: number): SyntaxError {
  return new SyntaxError(`Unexpected character or end at byte ${at} of JSON`)
}
