/**
 * The house's rules about a text, as functions from a text to what is wrong with it: each is tried on a violating snippet in
 * `rules.spec.ts`, and held against every file by `budgets.spec.ts` and `hygiene.spec.ts`. A rule that cannot fail protects nobody.
 */

/** The code alone: comments say "as any other" and quote what they forbid. Lines stay where they are. */
export function codeOf(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, blank).replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}
const blank = (comment: string): string => comment.replaceAll(/[^\n]/g, '');

/** How many parameters each constructor takes: commas outside of any bracket, type arguments included. */
export function constructorsOf(text: string): number[] {
  const code = codeOf(text);
  return [...code.matchAll(/constructor\(/g)].map(({ index }) => {
    let depth = 1;
    let found = 0;
    let parameter = '';
    for (const letter of code.slice(index + 'constructor('.length).replaceAll('=>', '')) {
      if ('([{<'.includes(letter)) depth += 1;
      if (')]}>'.includes(letter)) depth -= 1;
      if (depth === 0 || (depth === 1 && letter === ',')) {
        found += parameter.trim() === '' ? 0 : 1;
        parameter = '';
      } else parameter += letter;
      if (depth === 0) break;
    }
    return found;
  });
}

/** The most that a constructor may take. */
export const MOST_PARAMETERS = 4;

/** The most files of one feature's folder; specs, builders for them and the front door are not counted. */
const MOST_FILES = 5;

/** Folders that have more, each with how many, of these paths of files that ship. */
export function crowded(paths: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (path.endsWith('/index.ts') || folder.endsWith('/migrations')) continue;
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].filter(([, count]) => count > MOST_FILES));
}

/** Each rule by what it forbids: the first place in the text, or undefined. */
export const FORBIDDEN = {
  'a hole in the types': (text) =>
    first(codeOf(text), /\bas any\b|: any(?=[;,)\]=|}])|<any>/) ??
    first(text, /@ts-(ignore|nocheck|expect-error)/),
  'an enum': (text) => first(codeOf(text), /^\s*(export )?(const |declare )?enum \w+/m),
  'an I prefix': (text) => first(codeOf(text), /\b(interface I[A-Z][a-z]\w*|type I[A-Z][a-z]\w* ?[=<])/),
  'a mock that is asserted and nothing else': (text) =>
    /toHaveBeenCalled/.test(codeOf(text)) ? first(codeOf(text), /toHaveBeenCalled\w*/) : undefined,
  'a lint rule switched off without its reason': (text) => first(text, /(oxlint|eslint)-disable(?!.* -- ).*/),
  'a path of a machine': (text) => first(text, /(^|[\s'"`(=:])\/(work|root|home|Users)\/[\w.-]+/m),
  'a host of a package registry': (text) => first(text, /registry\.npm|repo1?\.maven|npmjs\.(org|com)\/-/),
  'a TODO without a date and an owner': (text) =>
    first(text, /(\/\/|\*) *(TODO|FIXME|XXX)\b(?!\(\w+, \d{4}-\d\d-\d\d\))/),
  'a bus in memory': (text) => first(codeOf(text), /\b(EventBus|AggregateRoot)\b|@Saga\b/),
  'a second schema language': (text) =>
    first(
      codeOf(text),
      /from '(class-validator|class-transformer|joi|ajv|yup|@nestjs\/config|@nestjs\/microservices)'/,
    ),
  'a synchronised schema': (text) => first(codeOf(text), /synchronize: true/),
  'chance, or the clock as data': (text) =>
    first(codeOf(text), /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/),
  'a property that tries other cases on every run': (text) =>
    codeOf(text)
      .split(/(?=\bfc\.(?:assert|check)\()/)
      .slice(1)
      .find((call) => !/\bseed\b/i.test(call))
      ?.split('\n')[0],
} as const satisfies Record<string, (text: string) => string | undefined>;

function first(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[0].trim();
}

/** Sorted sizes and what stands at a share of them: at 0.5 the median, at 0.9 what nine in ten do not exceed. */
export function atShare(sizes: readonly number[], share: number): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
