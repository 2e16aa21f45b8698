import { describe, expect, it } from '@jest/globals';
import type { MigrationInterface } from 'typeorm';
import { subscriberMigrations } from '#audience';
import { channelMigrations } from '#channel';
import { archiveMigrations, streamMigrations } from '#stream/testing';
import { smsMigrations } from '../../apps/channel-sms/src/migrations/sms.migration.js';
import { socialMigrations } from '../../apps/channel-social/src/migrations/social.migration.js';
import { migrations as commandMigrations } from '../../apps/incident-command/src/record/migrations.js';
import { product, textOf } from './house.js';

type Migration = new () => MigrationInterface;

/** What is run on each schema: the lists that its service hands to `migrate` at the start. */
const RUN: Readonly<Record<string, readonly (readonly Migration[])[]>> = {
  incident_command: [commandMigrations],
  channel_social: [channelMigrations, socialMigrations],
  channel_email: [channelMigrations, subscriberMigrations],
  channel_sms: [channelMigrations, subscriberMigrations, smsMigrations],
  partner_gateway: [archiveMigrations],
  incident_log: [archiveMigrations],
  stream: [streamMigrations],
};

/**
 * Stamps that stand twice in one schema since before 2026-11-21, found when their migrations had been applied, and an applied migration is
 * never renamed. They do no harm: `#channel`'s runs in a call of its own before the app's, and what has run is known by its whole name.
 */
const TWICE: Readonly<Record<string, readonly string[]>> = {
  channel_social: ['Arrival1763700300000', 'Social1763700300000'],
  channel_sms: ['Arrival1763700300000', 'Sms1763700300000'],
};

const stampOf = (name: string): string => /\d{13}$/.exec(name)?.[0] ?? `${name} has no stamp`;
const schemas = Object.keys(RUN);
const namesOn = (schema: string): string[] => (RUN[schema] ?? []).flat().map(({ name }) => name);

describe('the migrations of the house', () => {
  it('are run somewhere, each of them', () => {
    const written = product().flatMap((path) =>
      [...textOf(path).matchAll(/class (\w+) implements MigrationInterface/g)].map(([, name]) => name),
    );
    expect(new Set(schemas.flatMap(namesOn))).toEqual(new Set(written));
  });

  it('are known by the names of their classes', () => {
    for (const migration of Object.values(RUN).flat(2)) {
      const { name } = new migration();
      expect([migration.name, name ?? migration.name]).toEqual([migration.name, migration.name]);
    }
  });

  it.each(schemas)('have each a stamp of its own on %s, but for those that were found too late', (schema) => {
    const names = namesOn(schema);
    const twice = names.filter((name) => names.filter((one) => stampOf(one) === stampOf(name)).length > 1);
    expect(twice).toEqual(TWICE[schema] ?? []);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(schemas)('are listed for %s in the order in which they run: that of their stamps', (schema) => {
    for (const list of RUN[schema] ?? []) {
      const stamps = list.map(({ name }) => stampOf(name));
      expect(stamps).toEqual(stamps.toSorted());
    }
  });
});
