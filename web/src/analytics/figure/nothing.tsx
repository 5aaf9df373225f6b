/** Said where a chart would have nothing in it. */
export function Nothing ({ children }: { children: string }) {
  return <p className='flex min-h-32 flex-1 items-center justify-center rounded-xl bg-sunken/60 px-4 text-center text-sm text-muted'>{children}</p>
}
