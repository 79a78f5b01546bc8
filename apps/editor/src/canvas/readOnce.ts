/** Asks a style for each of its properties once. */
export function readOnce(style: CSSStyleDeclaration): (token: string) => string {
  const known = new Map<string, string>();
  return (token) => {
    let value = known.get(token);
    if (value === undefined) known.set(token, (value = style.getPropertyValue(token)));
    return value;
  };
}
