import { describe, expect, it } from '@jest/globals';
import { allTopics, ListChannel, topics } from '#contracts';
import { product, textOf } from './house.js';
import { codeOf } from './rules.js';

type Name = keyof ReturnType<typeof topics>;
const NAMES = Object.keys(topics('exercise')) as Name[];

/** Who handles each topic. A chunk is its own channel's work; the log keeps all, but keeping is not doing. */
const CONSUMERS: Readonly<Record<Name, readonly string[]>> = {
  incidents: ['incident-log', 'partner-gateway'],
  warnings: ['incident-log', 'partner-gateway', 'the channels'],
  deliveries: ['incident-log', 'partner-gateway'],
  engagement: ['incident-log', 'partner-gateway'],
  channels: ['incident-command', 'incident-log', 'partner-gateway'],
  inbound: ['incident-log', 'partner-gateway'],
  chunks: ['incident-log', 'the channels'],
  urgentChunks: ['incident-log', 'the channels'],
};

/** The topics that this file follows: those it names, where it subscribes to the stream itself or has a follower or keeper do so. */
function followedIn(text: string): Name[] {
  const code = codeOf(text);
  if (!/\bstream\.subscribe\(|\barchiveKeeper\(|\bnew Follower\(/.test(code)) return [];
  if (/\ballTopics\(/.test(code)) return NAMES;
  const named = [...code.matchAll(/\btopics\([^)]*\)\.(\w+)/g)].map(([, name = '']) => name);
  const taken = [...code.matchAll(/\{([^{}]*)\} = topics\(/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  return NAMES.filter((name) => named.includes(name) || taken.includes(name));
}

/** The app that a file belongs to; what stands in `#channel` is every channel's. */
const whose = (path: string): string => /^apps\/([^/]+)\//.exec(path)?.[1] ?? 'the channels';

describe('every topic has a consumer', () => {
  const files = product().filter((path) => /^(apps|libs\/channel)\//.test(path));
  const found = files.map((path) => ({ who: whose(path), names: followedIn(textOf(path)) }));
  const consumersOf = (name: Name) => [
    ...new Set(found.flatMap(({ who, names }) => (names.includes(name) ? [who] : []))),
  ];

  it.each(NAMES)('%s: as the code subscribes', (name) => {
    expect(consumersOf(name).toSorted()).toEqual(CONSUMERS[name]);
    expect(CONSUMERS[name].length).toBeGreaterThan(1); // the log and somebody who acts
  });

  it('and no topic of the house is missing here', () => {
    const t = topics('exercise');
    const known = NAMES.flatMap((name) => {
      const topic = t[name];
      return typeof topic === 'string' ? [topic] : ListChannel.options.map((channel) => topic(channel));
    });
    expect(known.toSorted()).toEqual(
      allTopics('exercise')
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it.each<[string, Name[]]>([
    [`await stream.subscribe({ topics: [topics(mode).inbound], group }, handle)`, ['inbound']],
    [
      `const { warnings, channels } = topics(mode); archiveKeeper(a, p, 'x', [warnings])`,
      ['warnings', 'channels'],
    ],
    [`const all = allTopics(mode); new Follower(house, 'x', { topics: all, group }, handle)`, NAMES],
    [`const record = { topic: topics(mode).inbound, key, value }`, []], // publishes
    [`// stream.subscribe( to topics(mode).inbound`, []],
  ])('reads %s', (text, names) => expect(followedIn(text)).toEqual(names));
});
