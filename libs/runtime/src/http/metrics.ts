import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: from a hand-over on one machine to the slowest provider. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The figures of one process, in the text format that Prometheus reads. Asking twice for a name gives the same figure,
 * so that the apps of a standalone can share one.
 */
export class Metrics {
  private readonly registry = new Registry();

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
