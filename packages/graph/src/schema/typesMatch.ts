/**
 * Whether an output of type `from` may feed an input of type `to`. A type is a comma-separated union; an overlap is enough; "*" and the
 * match types fit everything; names are compared as they stand.
 */
export function typesMatch(from: string, to: string): boolean {
  if (from === to) return true;
  const given = typeMembers(from);
  const wanted = typeMembers(to);
  return given.some((type) => isAnyType(type) || wanted.includes(type)) || wanted.some(isAnyType);
}

/** The types of a union. */
export function typeMembers(type: string): string[] {
  return type.split(",").map((member) => member.trim());
}

/** Whether a type, one of a union, fits everything. */
export function isAnyType(type: string): boolean {
  return type === "*" || type === "" || type === "COMFY_MATCHTYPE_V3";
}
