import { type CapVersion, WORDS } from '../model/alert.js';
import {
  anyText,
  listOfText,
  anyUri,
  capDateTimeType,
  dateTime,
  decimal,
  integer,
  language,
  oneOf,
  type SimpleType,
} from '../datatypes/simple-types.js';

/** One element of a sequence: name, how often, and what it holds. */
export type Particle = {
  readonly name: string;
  readonly least: 0 | 1;
  readonly most: 1 | typeof Infinity;
  readonly type: SimpleType | Group;
  /** The built-in type that it has by name, which `xsi:type` may narrow; a type with facets has no name to narrow. */
  readonly builtIn: string | undefined;
  /** Which finding a wrong text becomes. */
  readonly wrong: 'word' | 'date-time' | 'type';
  /** The schema has a default: an element without any text takes it. */
  readonly defaulted: boolean;
};

/** An `xs:sequence` of differently named elements. */
export type Group = {
  readonly particles: readonly Particle[];
  readonly byName: ReadonlyMap<string, number>;
  /** The particles that must stand there, one bit each. */
  readonly required: number;
  /** CAP 1.2 alone: any number of XML signatures behind the rest. */
  readonly signatures: boolean;
};

type How = '1' | '?' | '+' | '*';
const wrongOf = (type: SimpleType): Particle['wrong'] =>
  type === dateTime || type === capDateTimeType ? 'date-time' : enumerations.has(type) ? 'word' : 'type';
const enumerations = new Set<SimpleType>();

const BUILT_IN: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [anyText, 'string'],
  [dateTime, 'dateTime'],
  [language, 'language'],
  [anyUri, 'anyURI'],
  [integer, 'integer'],
  [decimal, 'decimal'],
]);

function words(...list: readonly string[]): SimpleType {
  const type = oneOf(...list);
  enumerations.add(type);
  return type;
}

function one(name: string, how: How, type: SimpleType | Group = anyText): Particle {
  return {
    name,
    least: how === '1' || how === '+' ? 1 : 0,
    most: how === '+' || how === '*' ? Infinity : 1,
    type,
    builtIn: BUILT_IN.get(type),
    wrong: typeof type === 'function' ? wrongOf(type) : 'type',
    defaulted: type === language,
  };
}

function group(particles: readonly Particle[], signatures = false): Group {
  const required = particles.reduce((bits, { least }, index) => bits | (least << index), 0);
  const byName = new Map(particles.map((each, index) => [each.name, index]));
  return { particles, byName, required, signatures };
}

const without = (list: readonly string[], ...gone: readonly string[]): string[] =>
  list.filter((each) => !gone.includes(each));

const named = group([one('valueName', '1'), one('value', '1')]);

function alertOf(version: CapVersion): Group {
  const old = version === '1.0';
  const since11 = <Part>(part: Part): Part[] => (old ? [] : [part]);
  const time = version === '1.2' ? capDateTimeType : dateTime;
  const pair = old ? anyText : named;
  const list = old ? listOfText : anyText;
  const feet = version === '1.2' ? decimal : anyText;
  const optional = old ? '?' : '1';
  const resource = group([
    one('resourceDesc', '1'),
    one('mimeType', version === '1.2' ? '1' : '?'),
    one('size', '?', integer),
    one('uri', '?', anyUri),
    ...since11(one('derefUri', '?')),
    one('digest', '?'),
  ]);
  const area = group([
    one('areaDesc', '1'),
    one('polygon', '*', list),
    one('circle', '*', list),
    one('geocode', '*', pair),
    one('altitude', '?', feet),
    one('ceiling', '?', feet),
  ]);
  const responses = version === '1.1' ? without(WORDS.responseType, 'Avoid', 'AllClear') : WORDS.responseType;
  const info = group([
    one('language', '?', language),
    one('category', old ? '*' : '+', words(...(old ? without(WORDS.category, 'CBRNE') : WORDS.category))),
    one('event', '1'),
    ...since11(one('responseType', '*', words(...responses))),
    one('urgency', '1', words(...WORDS.urgency)),
    one('severity', '1', words(...WORDS.severity)),
    one('certainty', '1', words(old ? 'Very Likely' : 'Observed', ...without(WORDS.certainty, 'Observed'))),
    one('audience', '?'),
    one('eventCode', '*', pair),
    one('effective', '?', time),
    one('onset', '?', time),
    one('expires', '?', time),
    ...['senderName', 'headline', 'description', 'instruction'].map((name) => one(name, '?')),
    one('web', '?', anyUri),
    one('contact', '?'),
    one('parameter', '*', pair),
    one('resource', '*', resource),
    one('area', '*', area),
  ]);
  const head = [
    one('identifier', '1'),
    one('sender', '1'),
    one('sent', '1', time),
    one('status', '1', words(...(old ? without(WORDS.status, 'Draft') : WORDS.status))),
    one('msgType', '1', words(...WORDS.msgType)),
    ...(old ? [one('password', '?')] : []),
    one('source', '?'),
    one('scope', optional, words(...WORDS.scope)),
    one('restriction', '?'),
    one('addresses', '?'),
    one('code', '*'),
    one('note', '?'),
    one('references', '?', list),
    one('incidents', '?', list),
    one('info', '*', info),
  ];
  return group(head, version === '1.2');
}

/** The official schemas of the three versions, as tables: `cap10.xsd`, `cap11.xsd`, `cap12.xsd` of OASIS. */
export const SCHEMAS: Readonly<Record<CapVersion, Group>> = {
  '1.0': alertOf('1.0'),
  '1.1': alertOf('1.1'),
  '1.2': alertOf('1.2'),
};

/** The other elements that the schemas declare at the top: reachable inside a signature, where the wildcard is lax. */
export const TOP_LEVEL_TEXTS: ReadonlySet<string> = new Set(['valueName', 'value']);
