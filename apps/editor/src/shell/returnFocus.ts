/** Gives the focus back to what had it before something floated above it; what took it meanwhile, elsewhere, keeps it. */
export function returnFocus(opener: Element | null, box: HTMLElement | null): void {
  const { activeElement, body } = document;
  if (opener instanceof HTMLElement && (activeElement === body || box?.contains(activeElement))) opener.focus({ preventScroll: true });
}
