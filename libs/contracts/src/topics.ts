import { z } from 'zod';

/** The two worlds. Nothing crosses: topics, tokens, credentials, banners and prompts are separate. */
export const Mode = z.enum(['live', 'exercise']);
export type Mode = z.infer<typeof Mode>;

/** The ways out that exist today, each a service of its own. */
export const Channel = z.enum(['social', 'email', 'sms']);
export type Channel = z.infer<typeof Channel>;

/** The channels that send to a list of known recipients, in chunks. */
export const ListChannel = z.enum(['email', 'sms']);
export type ListChannel = z.infer<typeof ListChannel>;

/** Partitions of an ordinary topic (DESIGN §6). */
export const PARTITIONS = 6;
/** Partitions of a chunk topic: how many workers of one lane can share a broadcast (DESIGN §6). */
export const CHUNK_PARTITIONS = 12;

/** Topic names of one world, `<mode>.<name>.v1`. */
export function topics(mode: Mode) {
  const name = <Name extends string>(middle: Name) => `${mode}.${middle}.v1` as const;
  return {
    incidents: name('incidents'),
    warnings: name('warnings'),
    deliveries: name('deliveries'),
    engagement: name('engagement'),
    channels: name('channels'),
    inbound: name('inbound'),
    chunks: (channel: ListChannel) => name(`${channel}.chunks`),
    urgentChunks: (channel: ListChannel) => name(`${channel}.chunks.urgent`),
  };
}

/** The topics whose events are public language of the house; chunk topics are a channel's own affair. */
export type TopicName = 'incidents' | 'warnings' | 'deliveries' | 'engagement' | 'channels' | 'inbound';

/** Every topic of one world with its partitions. Each also has `<topic>.parked`. */
export function allTopics(mode: Mode): { name: string; partitions: number }[] {
  const t = topics(mode);
  const ordinary = [t.incidents, t.warnings, t.deliveries, t.engagement, t.channels, t.inbound];
  const chunks = ListChannel.options.flatMap((channel) => [t.chunks(channel), t.urgentChunks(channel)]);
  return [
    ...ordinary.map((name) => ({ name, partitions: PARTITIONS })),
    ...chunks.map((name) => ({ name, partitions: CHUNK_PARTITIONS })),
  ];
}
