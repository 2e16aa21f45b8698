import type { MigrationInterface, QueryRunner } from 'typeorm';
import { recordMigrations } from '#postgres';

/** What lists and the expiry clock look at; each row is written by the append that changes it, in the same statement. */
class CommandTables1764000100000 implements MigrationInterface {
  readonly name = 'CommandTables1764000100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table incident_row (
        incident_id   text        primary key,
        incident_type text        not null,
        name          text        not null,
        lead_agency   text        not null,
        opened_at     timestamptz not null,
        opened_by     text        not null
      )`);
    await db.query(`
      create table warning_row (
        warning_id    text        primary key,
        incident_id   text        not null,
        state         text        not null,
        shown_version integer,
        open_version  integer,
        open_state    text,
        event         text,
        message       text,
        severity      text,
        expires_at    timestamptz,
        ends_at       timestamptz,
        revision      integer     not null,
        changed_at    timestamptz not null
      )`);
    await db.query(`create index warning_row_by_incident on warning_row (incident_id, warning_id)`);
    await db.query(`create index warning_row_by_end on warning_row (ends_at) where ends_at is not null`);
    await db.query(`
      create table proposal_row (
        item_id     text        primary key,
        incident_id text        not null,
        state       text        not null,
        proposes    text        not null,
        warning_id  text,
        choices     jsonb       not null,
        cap         jsonb       not null,
        summary     text        not null,
        received_at timestamptz not null,
        decided_at  timestamptz,
        decided_by  text
      )`);
    await db.query(`
      create table cap_alert (
        sender      text        not null,
        identifier  text        not null,
        sent        timestamptz not null,
        incident_id text        not null,
        warning_id  text,
        answer      jsonb       not null,
        primary key (sender, identifier, sent)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['cap_alert', 'proposal_row', 'warning_row', 'incident_row'])
      await db.query(`drop table ${table}`);
  }
}

/** What the channels say on `<mode>.channels.v1`: the newest word of each, whatever the order of arrival. */
class ChannelTables1764000200000 implements MigrationInterface {
  readonly name = 'ChannelTables1764000200000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table account_row (
        account_id    text primary key,
        channel       text not null,
        account       jsonb,
        reported_at   timestamptz,
        health        text,
        health_detail text,
        health_at     timestamptz
      )`);
    await db.query(`
      create table gate_row (
        warning_id text        not null,
        channel    text        not null,
        because    text        not null,
        version    integer     not null,
        at         timestamptz not null,
        primary key (warning_id, channel, because, version)
      )`);
    await db.query(`create table channel_row (channel text primary key, heard_at timestamptz not null)`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['channel_row', 'gate_row', 'account_row']) await db.query(`drop table ${table}`);
  }
}

/** What an alert said, so that another one under its name is noticed. Null for those that came before: they count as the same. */
class AlertDigest1764000300000 implements MigrationInterface {
  readonly name = 'AlertDigest1764000300000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table cap_alert add column digest text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table cap_alert drop column digest');
  }
}

/** The digest looks at references, times and responses as well: those that came before count as the same. */
class AlertDigestAnew1764000400000 implements MigrationInterface {
  readonly name = 'AlertDigestAnew1764000400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('update cap_alert set digest = null');
  }

  async down(): Promise<void> {}
}

/** Whose token brought a proposal: the name in an alert is whatever was written there. */
class ProposalSender1764000500000 implements MigrationInterface {
  readonly name = 'ProposalSender1764000500000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table proposal_row add column sent_by text');
    await db.query(`update proposal_row set sent_by = body ->> 'by' from event
      where type = 'ProposalReceived' and stream_id = incident_id and body ->> 'itemId' = item_id`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table proposal_row drop column sent_by');
  }
}

/** The schema of this app in a shared database. */
export const SCHEMA = 'incident_command';

/** In the order in which they run. */
export const migrations = [
  ...recordMigrations,
  CommandTables1764000100000,
  ChannelTables1764000200000,
  AlertDigest1764000300000,
  AlertDigestAnew1764000400000,
  ProposalSender1764000500000,
];
