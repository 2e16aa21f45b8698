import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The embedded stream: topics, their messages, and which member of a group works on which partition.
 * `place` is the offset (a reserved word). A partition's row is locked by whoever publishes to it until the commit is
 * visible, so places are gapless, in commit order, and a reader that has seen place 8 never meets a 7 later.
 */
class StreamTables1764000001000 implements MigrationInterface {
  readonly name = 'StreamTables1764000001000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table stream.topic (
        name       text    primary key check (name <> ''),
        partitions integer not null check (partitions > 0)
      )`);
    await db.query(`
      create table stream.partition (
        topic      text    not null references stream.topic,
        partition  integer not null,
        next_place bigint  not null default 0,
        primary key (topic, partition)
      ) with (fillfactor = 50)`);
    await db.query(`
      create table stream.message (
        topic     text        not null,
        partition integer     not null,
        place     bigint      not null,
        key       text        not null,
        value     bytea       not null,
        headers   json        not null,
        at        timestamptz not null default clock_timestamp(),
        primary key (topic, partition, place)
      )`);
    await db.query(`
      create table stream.member (
        group_name text        not null,
        id         text        not null,
        topics     text[]      not null,
        lock_key   bigint,
        seen_at    timestamptz not null default clock_timestamp(),
        primary key (group_name, id)
      ) with (fillfactor = 50)`);
    await db.query(`
      create table stream.claim (
        group_name text    not null,
        topic      text    not null,
        partition  integer not null,
        next_place bigint  not null default 0,
        owner      text,
        primary key (group_name, topic, partition),
        foreign key (topic, partition) references stream.partition
      ) with (fillfactor = 50)`);
    await db.query(PUBLISH);
    await db.query(LEAVE);
    await db.query(BEAT);
  }

  async down(): Promise<never> {
    throw new Error('the stream is never dropped');
  }
}

/**
 * Stores records, in the order given, behind what each partition has, and tells the first place of each partition.
 * Partitions are locked in one order, so that publishers to several of them cannot wait for each other.
 */
const PUBLISH = `
  create function stream.publish(topics text[], partitions integer[], keys text[], contents bytea[], heads text[])
  returns table (topic text, "partition" integer, first_place bigint) language plpgsql as $$
  declare
    wanted record;
    first bigint;
  begin
    for wanted in
      select r.t, r.p, count(*) as n from unnest(topics, partitions) as r (t, p) group by 1, 2 order by 1, 2
    loop
      update stream.partition as s set next_place = s.next_place + wanted.n
       where s.topic = wanted.t and s.partition = wanted.p returning s.next_place - wanted.n into first;
      if not found then
        raise exception 'no such partition: %/%', wanted.t, wanted.p using errcode = 'no_data_found';
      end if;
      insert into stream.message (topic, partition, place, key, value, headers)
      select r.t, r.p, first - 1 + row_number() over (order by r.n), r.k, r.v, r.h::json
        from unnest(topics, partitions, keys, contents, heads) with ordinality as r (t, p, k, v, h, n)
       where r.t = wanted.t and r.p = wanted.p;
      perform pg_notify('larum_stream', format('p/%s/%s/%s', wanted.p, first + wanted.n, wanted.t));
      return query select wanted.t, wanted.p, first;
    end loop;
  end $$`;

/** Takes members out of a group and sets their partitions free; the others are told. */
const LEAVE = `
  create function stream.leave(in_group text, gone text[]) returns void language plpgsql as $$
  begin
    delete from stream.member where group_name = in_group and id = any (gone);
    update stream.claim set owner = null where group_name = in_group and owner = any (gone);
    perform pg_notify('larum_stream', 'g/' || in_group);
  end $$`;

/**
 * One beat of a member: it is alive, the dead are taken out, and what is free and its share becomes its own.
 * Answers with the partitions that it holds; those with \`keep\` false are another member's share: finish and release them.
 * A member is dead when it was not seen for the session, or at once when the lock that its connection held is gone.
 */
const BEAT = `
  create function stream.beat(in_group text, me text, my_topics text[], my_lock bigint, session interval)
  returns table (topic text, "partition" integer, next_place bigint, keep boolean) language plpgsql as $$
  declare
    gone text[];
    came boolean;
  begin
    perform set_config('synchronous_commit', 'off', true); -- lost with a crash of the server, it is only done again
    perform pg_advisory_xact_lock(hashtextextended('larum stream group ' || in_group, 0));
    insert into stream.member as m (group_name, id, topics, lock_key) values (in_group, me, my_topics, my_lock)
        on conflict (group_name, id) do update set seen_at = clock_timestamp(), lock_key = excluded.lock_key
        returning xmax = 0 into came;
    select array_agg(m.id) into gone from stream.member as m
     where m.group_name = in_group and m.id <> me
       and (m.seen_at < clock_timestamp() - session
            or m.lock_key is not null and not exists (
              select from pg_locks as l where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                 and l.database = (select d.oid from pg_database as d where d.datname = current_database())
                 and (l.classid::bigint << 32) | l.objid::bigint = m.lock_key));
    if gone is not null then
      perform stream.leave(in_group, gone);
    elsif came then
      perform pg_notify('larum_stream', 'g/' || in_group);
    end if;
    insert into stream.claim (group_name, topic, partition)
    select in_group, p.topic, p.partition from stream.partition as p
     where p.topic = any (my_topics) and not exists (
       select from stream.claim as c where c.group_name = in_group and c.topic = p.topic and c.partition = p.partition)
        on conflict do nothing;
    return query
    with ranked as (
      select c.topic, c.partition, row_number() over (order by c.topic, c.partition) - 1 as n
        from stream.claim as c where c.group_name = in_group
    ), share as (
      select r.topic, r.partition, (
          select m.id from stream.member as m where m.group_name = in_group and r.topic = any (m.topics) order by m.id
          offset r.n % (select count(*) from stream.member as m where m.group_name = in_group and r.topic = any (m.topics))
           limit 1) as of
        from ranked as r where r.topic = any (my_topics)
    ), mine as (
      update stream.claim as c set owner = me from share as s
       where c.group_name = in_group and c.topic = s.topic and c.partition = s.partition
         and s.of = me and c.owner is distinct from me
         and not exists (select from stream.member as m where m.group_name = in_group and m.id = c.owner)
      returning c.topic, c.partition, c.next_place
    )
    select c.topic, c.partition, c.next_place, s.of = me from stream.claim as c
      join share as s on c.topic = s.topic and c.partition = s.partition
     where c.group_name = in_group and c.owner = me
    union all
    select m.topic, m.partition, m.next_place, true from mine as m;
  end $$`;

/** What the embedded stream needs in the schema `stream`. */
export const streamMigrations = [StreamTables1764000001000];
