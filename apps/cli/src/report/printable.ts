/** Text from a file as a terminal may be given it: control characters, which could move the cursor or worse, become "�"; so do line breaks. */
export function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
