import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from a hand-over on one machine to the slowest provider. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Reader = { labels: Record<string, string>; read: () => number | Promise<number> };

/** Whoever collects figures gives up after some seconds; one that hangs must not hide the rest. */
const READ_WITHIN_MS = 2_000;

/**
 * The figures of one process, in the text format that Prometheus reads. Asking twice for a name gives the same figure,
 * so that the apps of a standalone can share one.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly readers = new Map<string, Reader[]>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Only ever grows; the name ends in `_total`. */
  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return this.once(
      name,
      () => new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] }),
    );
  }

  /** Goes up and down. `collect` is called when the figures are read. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    collect?: () => number | Promise<number>,
  ): Gauge<Label> {
    return this.once(
      name,
      () =>
        new Gauge({
          name,
          help,
          labelNames: [...labelNames],
          registers: [this.registry],
          ...(collect === undefined
            ? {}
            : {
                async collect() {
                  this.set(await collect());
                },
              }),
        }),
    );
  }

  /**
   * A figure that several parts of one process have, each with labels of its own, and that is read when somebody asks for it.
   * What cannot be read within 2 s is left out, never told as 0: the others are still shown.
   */
  reading<Label extends string>(
    name: string,
    help: string,
    labels: Record<Label, string>,
    read: () => number | Promise<number>,
  ): void {
    const readers = this.readers.get(name) ?? [];
    readers.push({ labels, read });
    this.readers.set(name, readers);
    this.once(
      name,
      () =>
        new Gauge({
          name,
          help,
          labelNames: Object.keys(labels),
          registers: [this.registry],
          async collect() {
            this.reset();
            const found = await Promise.all(
              readers.map(async (one) => ({ ...one, value: await inTime(one.read) })),
            );
            for (const { labels: of, value } of found) if (value !== undefined) this.set(of, value);
          },
        }),
    );
  }

  /** How long something takes, in seconds; the name ends in `_seconds`. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: readonly number[] = SECONDS,
  ): Histogram<Label> {
    return this.once(
      name,
      () =>
        new Histogram({
          name,
          help,
          labelNames: [...labelNames],
          buckets: [...buckets],
          registers: [this.registry],
        }),
    );
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Every figure as it is now. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }

  private once<Figure extends object>(name: string, make: () => Figure): Figure {
    return (this.registry.getSingleMetric(name) as Figure | undefined) ?? make();
  }
}

/** The figure, or undefined when it cannot be read now. */
async function inTime(read: Reader['read']): Promise<number | undefined> {
  let late: NodeJS.Timeout | undefined;
  try {
    const never = new Promise<undefined>((resolve) => {
      late = setTimeout(() => resolve(undefined), READ_WITHIN_MS);
    });
    return await Promise.race([read(), never]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(late);
  }
}
