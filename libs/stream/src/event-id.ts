/** The id by which repeats are known: source and id of the CloudEvent, else the record's own place. */
export function eventIdOf(
  headers: Readonly<Record<string, string>>,
  place: { topic: string; partition: number; offset: bigint },
): string {
  const { ce_source: source, ce_id: id } = headers;
  return source && id ? `${source} ${id}` : `${place.topic}/${place.partition}/${place.offset}`;
}
