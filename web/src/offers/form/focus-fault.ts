/** Takes the focus to the first field of a form that is marked as wrong, once that is shown. */
export function focusFault (form: HTMLFormElement): void {
  requestAnimationFrame(() => {
    form.querySelector<HTMLElement>('[aria-invalid="true"]:not([type="hidden"])')?.focus()
  })
}
