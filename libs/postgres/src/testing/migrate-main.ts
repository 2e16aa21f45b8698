// A process of its own that starts as an app does: opens the database and brings its schema up to date.
import { Database, migrate, recordMigrations } from '#postgres';
import { silentLog } from '#runtime';

const [url = '', schema = ''] = process.argv.slice(2);
const db = await Database.open({ url, max: 2, log: silentLog });
await migrate(db, { schema, migrations: recordMigrations });
await db.close();
