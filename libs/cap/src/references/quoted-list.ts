const NONE: readonly string[] = [];
const item = /"[^"]*"|[^\s"]+/g;

/** `addresses` and `incidents` (CAP 1.2 §3.2.1): separated by white space; one that holds white space stands in double quotes. */
export function parseQuotedList(text: string): readonly string[] {
  if (text === '') return NONE;
  if (!text.includes('"')) return text.split(/\s+/).filter((each) => each !== '');
  return (text.match(item) ?? [])
    .map((each) => (each.startsWith('"') ? each.slice(1, -1) : each))
    .filter((each) => each !== '');
}

/** The reverse. A double quote inside an item cannot be written in CAP and becomes an apostrophe. */
export function writeQuotedList(items: readonly string[]): string {
  return items
    .map((each) => each.replaceAll('"', "'"))
    .map((each) => (/\s/.test(each) ? `"${each}"` : each))
    .join(' ');
}

/** Whether every double quote has its partner. */
export const quotesAreBalanced = (text: string): boolean => (text.match(/"/g)?.length ?? 0) % 2 === 0;
