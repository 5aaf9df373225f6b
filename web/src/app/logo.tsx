/** The product's mark and name. */
export function Logo () {
  return (
    <span className='inline-flex items-center gap-2 text-lg font-semibold'>
      <svg viewBox='0 0 32 32' aria-hidden className='size-8'>
        <rect width='32' height='32' rx='9' className='fill-accent' />
        <path d='M17.5 5 8 18h6l-1.5 9L23 13.500h-6.500z' className='fill-on-accent' />
      </svg>
      Equilux
    </span>
  )
}
