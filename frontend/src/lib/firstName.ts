/** What somebody is called for short: "Ana" of "Ana Silva", and "Amina" of "Amina, who runs the demo shop". */
export function firstName(name: string): string | undefined {
  return name.split(/[\s,]+/)[0];
}
