// A process of its own with an embedded database: prints who and where it is, and waits for SIGTERM, or to be killed.
import { EmbeddedPostgres } from '#postgres';
import { silentLog } from '#runtime';

const [dataDir = ''] = process.argv.slice(2);
try {
  const server = await EmbeddedPostgres.start({ dataDir, log: silentLog });
  process.stdout.write(`${JSON.stringify({ pid: server.pid, url: server.url })}\n`);
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  setInterval(() => {}, 1_000);
} catch (error) {
  process.stdout.write(`failed ${String(error)}\n`);
  process.exit(1);
}
