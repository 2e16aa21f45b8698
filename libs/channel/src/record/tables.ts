import { quoted } from '#postgres';

const NAMES = [
  'approved',
  'armed',
  'chunk',
  'delivery',
  'gate',
  'plan',
  'receipt',
  'sample',
  'seen',
  'sending',
] as const;

/** The names of a channel's own tables as a statement writes them. */
export type ChannelTables = Readonly<Record<(typeof NAMES)[number], string>>;

/** Those of the channel whose schema this is: the migrations of `../migrations` make them. */
export function tablesOf(schema: string): ChannelTables {
  return Object.fromEntries(NAMES.map((name) => [name, `${quoted(schema)}.${name}`])) as ChannelTables;
}
