import { topicOfType, topics, wrap, type ListChannel, type Mode, type RecordedEvent } from '#contracts';
import { Relay, showLag, type Database } from '#postgres';
import type { Log, Metrics } from '#runtime';
import type { EventStream, OutgoingRecord } from '#stream';

/** Where one event of a channel's record goes: its topic, and the key that keeps its order. Undefined: it stays at home. */
export function routeOf(event: RecordedEvent, mode: Mode): { topic: string; key: string } | undefined {
  const { body, type } = event;
  if (type === 'ChunkPlanned') {
    const channel = body['channel'] as ListChannel;
    const topic = body['urgent'] === true ? topics(mode).urgentChunks(channel) : topics(mode).chunks(channel);
    return { topic, key: event.streamId };
  }
  const name = topicOfType.get(type);
  if (name === undefined) return undefined;
  const key = name === 'inbound' || body['warningId'] === undefined ? body['accountId'] : body['warningId'];
  return { topic: topics(mode)[name], key: String(key) };
}

/** The relay of a channel's record: to deliveries, engagement, channels, inbound and its own chunk topics, by type. */
export function relayChannel(
  options: {
    db: Database;
    schema: string;
    app: string;
    mode: Mode;
    log: Log;
    metrics: Metrics | undefined;
  },
  stream: EventStream,
): Relay {
  const { db, schema, app, mode, log, metrics } = options;
  const relay = new Relay({
    db,
    schema,
    name: 'stream',
    log,
    publish: async (events) => {
      const records = events.flatMap((event): OutgoingRecord[] => {
        const route = routeOf(event, mode);
        return route === undefined ? [] : [{ topic: route.topic, ...wrap(event, app, route.key) }];
      });
      return stream.publish(records);
    },
  });
  if (metrics !== undefined) showLag(metrics, relay, schema);
  return relay;
}
