import { isElement, namespaceOf, textOf, type XmlElement } from '../xml/tree.js';
import {
  collapse,
  dateTime,
  decimal,
  integer,
  language,
  type SimpleType,
} from '../datatypes/simple-types.js';
import { isAnyUri } from '../datatypes/any-uri.js';
import { WILD_TYPES } from '../datatypes/wild-types.js';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const XS = 'http://www.w3.org/2001/XMLSchema';
/** Hints where a schema lies: allowed on every element (XML Schema Part 1 §2.6), never followed. */
const HINTS: ReadonlySet<string> = new Set(['schemaLocation', 'noNamespaceSchemaLocation']);

type BuiltIn = { readonly base: string; readonly fits: (text: string) => boolean };
const by = (base: string, type: SimpleType): BuiltIn => ({ base, fits: (text) => type(text) === undefined });
const shaped = (base: string, form: RegExp): BuiltIn => ({ base, fits: (text) => form.test(collapse(text)) });
const within = (base: string, least: bigint, most: bigint): BuiltIn => ({
  base,
  fits: (text) => {
    if (integer(text) !== undefined) return false;
    const [, sign = '', digits = ''] = /^([+-]?)0*(\d*)$/.exec(collapse(text)) ?? [];
    // BigInt takes a time that grows with the square of the digits: 30 ms for 200 kB of them.
    const value = BigInt(`${digits.slice(0, 40)}` || 0) * (sign === '-' ? -1n : 1n);
    return value >= least && value <= most;
  },
});
const NAME = '[\\p{L}_][\\p{L}\\p{N}\\p{M}._\\u00b7-]*';
const FAR = 10n ** 30n;

/** XML Schema Part 2 §3: the built-in types that an `xsi:type` may name where CAP has a built-in one, each under its base. */
const BUILT_INS: ReadonlyMap<string, BuiltIn> = new Map([
  ['string', { base: '', fits: () => true }],
  ['normalizedString', { base: 'string', fits: () => true }],
  ['token', { base: 'normalizedString', fits: () => true }],
  ['language', by('token', language)],
  ['NMTOKEN', shaped('token', /^[\p{L}\p{N}\p{M}._:\u00b7-]+$/u)],
  ['Name', shaped('token', new RegExp(`^:?${NAME}(?::${NAME})*$`, 'u'))],
  ['NCName', shaped('Name', new RegExp(`^${NAME}$`, 'u'))],
  ['ID', shaped('NCName', new RegExp(`^${NAME}$`, 'u'))],
  ['IDREF', shaped('NCName', new RegExp(`^${NAME}$`, 'u'))],
  ['dateTime', by('', dateTime)],
  ['anyURI', { base: '', fits: (text) => isAnyUri(collapse(text)) }],
  ['decimal', by('', decimal)],
  ['integer', by('decimal', integer)],
  ['nonNegativeInteger', within('integer', 0n, FAR)],
  ['positiveInteger', within('nonNegativeInteger', 1n, FAR)],
  ['nonPositiveInteger', within('integer', -FAR, 0n)],
  ['negativeInteger', within('nonPositiveInteger', -FAR, -1n)],
  ['long', within('integer', -(2n ** 63n), 2n ** 63n - 1n)],
  ['int', within('long', -(2n ** 31n), 2n ** 31n - 1n)],
  ['short', within('int', -(2n ** 15n), 2n ** 15n - 1n)],
  ['byte', within('short', -128n, 127n)],
  ['unsignedLong', within('nonNegativeInteger', 0n, 2n ** 64n - 1n)],
  ['unsignedInt', within('unsignedLong', 0n, 2n ** 32n - 1n)],
  ['unsignedShort', within('unsignedInt', 0n, 65_535n)],
  ['unsignedByte', within('unsignedShort', 0n, 255n)],
]);

/** What is wrong with the attributes of an element: CAP has none, and only the schema's own may stand there (XML Schema Part 1 §2.6). */
export function attributeFaults(element: XmlElement, builtIn: string | undefined): string[] {
  const faults: string[] = [];
  for (const { prefix, local, namespace } of element.attributes) {
    if (namespace === XSI && HINTS.has(local)) continue;
    const fault =
      namespace === XSI && local === 'type' ? typeFault(element, builtIn) : 'CAP has no attributes';
    if (fault !== undefined)
      faults.push(
        `${element.local} has the attribute ${prefix === '' ? '' : `${prefix}:`}${local}: ${fault}.`,
      );
  }
  return faults;
}

/** Where the schema is lax an element is judged only by a type that it names itself; with one of text it has no other attributes. */
export function typedFault(element: XmlElement): string | undefined {
  const name = typeName(element);
  if (name === undefined || xsName(element, name) === 'anyType') return undefined;
  const fault = typeFault(element, 'any');
  if (fault !== undefined) return `${element.local} has the attribute xsi:type: ${fault}.`;
  const other = element.attributes.find(
    ({ namespace, local }) => namespace !== XSI || !(local === 'type' || local === 'nil' || HINTS.has(local)),
  );
  return other && `${element.local} has the attribute ${other.local} beside a type that has none.`;
}

const typeName = (element: XmlElement): string | undefined =>
  element.attributes.find((each) => each.namespace === XSI && each.local === 'type')?.value;

/** The local name of a type of XML Schema; undefined for any other. */
function xsName(element: XmlElement, value: string): string | undefined {
  // White space round the name is refused as libxml2 does it, although an xs:QName could be trimmed (XML Schema Part 2 §3.2.18).
  const [, prefix = '', local] = /^(?:([^\s:]+):)?([^\s:]+)$/.exec(value) ?? [];
  return namespaceOf(element, prefix) === XS ? local : undefined;
}

function typeFault(element: XmlElement, declared: string | undefined): string | undefined {
  const value = typeName(element) ?? '';
  const local = xsName(element, value) ?? '';
  const fits = BUILT_INS.get(local)?.fits ?? (declared === 'any' ? WILD_TYPES.get(local) : undefined);
  if (fits === undefined) return `the type "${value.slice(0, 40)}" is not known`;
  if (declared === undefined || (declared !== 'any' && !derives(local, declared))) {
    return `the type ${local} may not stand in for the one that CAP gives it`;
  }
  const text = textOf(element);
  // The one type of CAP with a default: an element without any text takes it.
  const defaulted = declared === 'language' && text === '' && !element.cdata;
  const plain =
    !element.children.some(isElement) &&
    (defaulted || fits(text, (prefix) => (namespaceOf(element, prefix) ?? '') !== ''));
  return plain ? undefined : `its text is not of the type ${local}`;
}

function derives(name: string, base: string): boolean {
  for (let at = name; at !== ''; at = BUILT_INS.get(at)?.base ?? '') if (at === base) return true;
  return false;
}
