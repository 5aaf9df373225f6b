import { classes } from './classes.js'

const tints = ['bg-[#1d6a52]', 'bg-[#7a4a12]', 'bg-[#28597d]', 'bg-[#6d3a76]', 'bg-[#8a3540]', 'bg-[#4b6016]', 'bg-[#40509a]']

/** The first letters of a name in a colour of its own. It says nothing that the name beside it doesn't. */
export function Avatar ({ name, size = 'medium' }: { name: string, size?: 'small' | 'medium' | 'large' }) {
  const sizes = { small: 'size-8 text-xs', medium: 'size-10 text-sm', large: 'size-16 text-xl' }
  return (
    <span aria-hidden className={classes('inline-flex shrink-0 items-center justify-center rounded-full font-semibold text-white select-none', sizes[size], tintOf(name))}>
      {initialsOf(name)}
    </span>
  )
}

function tintOf (name: string): string | undefined {
  return tints[Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7) % tints.length]
}

function initialsOf (name: string): string {
  const words = name.trim().split(/[\s._-]+/).filter(word => /[\p{L}\p{N}]/u.test(word))
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map(word => Array.from(word ?? '')[0] ?? '').join('').toLocaleUpperCase()
}
