/**
 * Whether an output of type `from` may feed an input of type `to`. A type is a comma-separated union; an overlap is enough; "*" and the
 * match types fit everything; names are compared as they stand.
 */
export function typesMatch(from: string, to: string): boolean {
  if (from === to) return true;
  const given = members(from);
  const wanted = members(to);
  return given.some((type) => isAny(type) || wanted.includes(type)) || wanted.some(isAny);
}

function members(type: string): string[] {
  return type.split(",").map((member) => member.trim());
}

function isAny(type: string): boolean {
  return type === "*" || type === "" || type === "COMFY_MATCHTYPE_V3";
}
