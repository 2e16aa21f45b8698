import { Database } from '#postgres';
import { testDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import { newStream } from '../new-stream.js';
import { streamContract } from '../testing/stream-contract.js';

streamContract('PostgreSQL', async () => {
  const { db, url, close } = await testDatabase();
  const databases: Database[] = [];
  return {
    where: { DATABASE_URL: url },
    sessionMs: 8_000,
    open: async () => {
      const db = await Database.open({ url, max: 4, log: silentLog });
      databases.push(db);
      return newStream({ db, log: silentLog, clientId: 'contract' });
    },
    interrupt: async () => {
      for (let n = 0; n < 5; n += 1)
        await db.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
    },
    close: async () => {
      for (const one of databases) await one.close();
      await close();
    },
  };
});
