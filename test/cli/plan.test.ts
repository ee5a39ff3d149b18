// `plan` says in people what an edit does, and `apply` does exactly that: over a ledger in which people are under way.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import { record } from '../../db/events.ts';
import { readPlans } from '../../db/plans.ts';
import { steps } from '../../steps/index.ts';
import { drainAdvance } from '../../workers/advance.ts';
import { watchDefinitions } from '../../workers/definitions.ts';
import { moveAll } from '../../workers/move.ts';
import { pipelinesFile } from '../harness/definitions.ts';
import { hash, makeStageChange, sales } from '../harness/factories.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { recordLog } from '../harness/log.ts';
import { freshLedger } from '../harness/postgres.ts';
import { readParked, refuseMoves } from '../harness/refusal.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const folder = mkdtempSync(join(tmpdir(), 'voronka-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const shipped = join(process.cwd(), 'workflows', 'policy.yaml');
mkdirSync(join(folder, 'templates'));
writeFileSync(join(folder, 'pipelines.yaml'), pipelinesFile.text);
const day = 86_400_000;

const head = 'workflow: greeting\nenter: { when: deal.stage enters "Lead", again: always }\n';
const first = `${head}steps:
  - { id: old-digest, wait: 1d }
  - { id: promo, wait: 2d }
  - { id: pause, wait: 5d }
  - { id: done, exit: no-response }
`;
const second = `${head}steps:
  - { id: digest-time, wait: 1d }
  - { id: pause, wait: 3d }
  - { id: done, exit: no-response }
renamed: { old-digest: digest-time }
removed: { promo: continue }
`;

async function run(...args: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, VORONKA_HOME: folder, LOG_LEVEL: 'warn' });
  const folders = ['--workflows', folder, '--templates', join(folder, 'templates')];
  const code = await main([...args, ...folders], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}
/** Told to stop before it has moved anybody. */
async function runStopped(command: string): Promise<number> {
  const terminal = openTerminal({ DATABASE_URL: url, VORONKA_HOME: folder, LOG_LEVEL: 'warn' });
  terminal.stop();
  return await main(
    [command, '--workflows', folder, '--templates', join(folder, 'templates')],
    terminal.streams,
  );
}
const write = (text: string) => writeFileSync(join(folder, 'greeting.yaml'), text);
const idIn = (out: string) => / --plan (\S+)/.exec(out)?.[1] ?? '';

/** So many who entered so many days ago, advanced as the workers would have. */
async function enter(count: number, daysAgo: number, name: string): Promise<void> {
  const at = Date.now() - daysAgo * day;
  const events = Array.from({ length: count }, (_, i) =>
    makeStageChange('Lead', { at, contact: { id: `${name}-${i}` }, deal: { id: `${name}-${i}` } }),
  );
  await record(db, events, { now: at, hash, pipelines: [sales] });
  await advance(at);
}

async function advance(at: number): Promise<void> {
  await drainAdvance({
    db,
    clock: { now: async () => at },
    definitions: watchDefinitions(steps),
    log: recordLog().log,
    batch: 100,
    ring: async () => undefined,
    isStopping: () => false,
  });
}

const standing = async () => {
  const rows = await db
    .selectFrom('runs')
    .select(['node', (eb) => eb.fn.countAll<string>().as('n')])
    .where('ended_at', 'is', null)
    .groupBy('node')
    .execute();
  return Object.fromEntries(rows.map(({ node, n }) => [node ?? '', Number(n)]));
};

/** 3 at old-digest, 4 at promo, 5 at pause, of whom 2 came to it more than three days ago. */
async function fill(): Promise<void> {
  await enter(2, 7, 'early');
  await advance(Date.now() - 5.9 * day);
  await advance(Date.now() - 3.5 * day);
  await enter(3, 4, 'late');
  await advance(Date.now() - 2.9 * day);
  await advance(Date.now() - 0.8 * day);
  await enter(4, 1.5, 'middle');
  await advance(Date.now() - 0.4 * day);
  await enter(3, 0.3, 'new');
  expect(await standing()).toEqual({ 'old-digest': 3, promo: 4, pause: 5 });
}

beforeEach(async () => {
  await emptyLedger(db);
  for (const table of ['doors', 'plans', 'declarations'] as const) await db.deleteFrom(table).execute();
  write(first);
  expect(await run('apply')).toMatchObject({ code: 0, err: '' });
  await fill();
});

describe('plan', () => {
  it('says what the edit does, in steps and in people, and apply does that', async () => {
    write(second);
    const planned = await run('plan');
    expect(planned.code).toBe(0);
    expect(planned.out).toContain('- promo');
    expect(planned.out).toContain('old-digest is digest-time now');
    expect(planned.out).toContain(
      '12 under way: 3 stand at old-digest, which is digest-time now, 5 stand at pause, which is edited, 4 move from promo to pause',
    );
    expect(planned.out).toContain('2 would leave pause at once, because wait 5 days became wait 3 days');
    const applied = await run('apply', '--plan', idIn(planned.out));
    expect(applied).toMatchObject({ code: 0, out: expect.stringContaining('12 runs under way were moved') });
    expect(await standing()).toEqual({ 'digest-time': 3, pause: 9 });
    const lines = await db.selectFrom('run_history').select('why').where('what', '=', 'migrated').execute();
    expect(lines.filter(({ why }) => why.includes('`promo` is gone, goes on to `pause`'))).toHaveLength(4);
    expect(lines).toHaveLength(12);
    await advance(Date.now());
    expect(await standing()).toEqual({ 'digest-time': 3, pause: 7 });
    expect(await run('apply')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change') });
  });

  it('changes nothing, and says nothing of what is unchanged', async () => {
    const planned = await run('plan');
    expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change') });
    write(second);
    await run('plan');
    expect(await standing()).toEqual({ 'old-digest': 3, promo: 4, pause: 5 });
  });

  it('as JSON is the same in numbers', async () => {
    write(second);
    const { workflows, affected, id } = JSON.parse((await run('plan', '--json')).out);
    const greeting = workflows.find((one: { workflow: string }) => one.workflow === 'greeting');
    expect(greeting).toMatchObject({ is: 'edited', underWay: 12, unaffected: 0, steps: { gone: ['promo'] } });
    expect(greeting.people).toContainEqual({
      is: 'edited',
      step: 'pause',
      to: 'pause',
      was: 'wait 5 days',
      now: 'wait 3 days',
      people: 5,
      leave: 2,
    });
    expect({ affected, id }).toEqual({
      affected: 12,
      id: expect.stringMatching(/^[0-9a-f]{8}-\d+-[0-9a-f]{8}$/),
    });
  });

  it('refuses a step that is gone while people stand on it, and says what to write', async () => {
    write(second.replace('removed: { promo: continue }', ''));
    for (const command of ['plan', 'apply']) {
      const { code, out, err } = await run(command);
      expect(code).toBe(1);
      expect(out + err).toContain('4 people stand at `promo`, which is gone');
      expect(out + err).toContain('removed: { promo: continue }');
    }
    expect(await standing()).toEqual({ 'old-digest': 3, promo: 4, pause: 5 });
  });

  it('refuses an id that comes back with another verb, and a rename to one', async () => {
    write(`${head}steps:
  - { id: promo, exit: later }
renamed: { pause: promo }
removed: { old-digest: exit, done: exit }
`);
    const { code, out } = await run('plan');
    expect(code).toBe(1);
    expect(out).toContain('`promo` was a wait in an earlier version, and is a exit now');
    expect(out).toContain('`pause` was a wait, and `promo` is a exit: a rename keeps the verb');
  });
});

describe('apply', () => {
  it('refuses a plan whose ground has moved, and says what has', async () => {
    write(second);
    const id = idIn((await run('plan')).out);
    await enter(1, 0.1, 'another');
    const moved = await run('apply', '--plan', id);
    expect(moved).toMatchObject({ code: 1, err: expect.stringContaining('other people stand on the steps') });
    const again = idIn((await run('plan')).out);
    write(second.replace('3d', '4d'));
    expect(await run('apply', '--plan', again)).toMatchObject({
      code: 1,
      err: expect.stringContaining('the files are not those that it was drawn from'),
    });
    expect(await run('apply', '--plan', 'latest')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is the id of no plan'),
    });
    expect((await standing()).promo).toBe(4);
  });

  it('is undone by applying the old files, and people carry on where they are', async () => {
    write(second);
    await run('apply');
    write(first);
    const back = await run('plan');
    expect(back.out).toContain('an earlier version comes back');
    expect(back.out).toContain('3 stand at digest-time, which is old-digest now');
    expect((await run('apply', '--plan', idIn(back.out))).code).toBe(0);
    expect(await standing()).toEqual({ 'old-digest': 3, pause: 9 });
  });

  it('asks for a confirmation where many are affected', async () => {
    write(second);
    writeFileSync(
      join(folder, 'policy.yaml'),
      readFileSync(shipped, 'utf8').replace(/confirm_over: .*/, 'confirm_over: 10'),
    );
    const asked = await run('apply');
    expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('over 10 people') });
    expect((await standing()).promo).toBe(4);
    expect((await run('apply', '--confirm')).code).toBe(0);
    expect((await standing()).promo).toBeUndefined();
    rmSync(join(folder, 'policy.yaml'));
  });

  it.each(['pin', 'drain'])('leaves people on their version under `%s`', async (policy) => {
    write(`${head}steps:\n  - { id: other, wait: 1d }\nin_flight: ${policy}\n`);
    expect((await run('plan')).out).toContain('12 under way: 12 stay on the version they are on');
    expect((await run('apply')).code).toBe(0);
    expect(await standing()).toEqual({ 'old-digest': 3, promo: 4, pause: 5 });
    await enter(1, 0, 'next');
    expect((await standing()).other).toBe(1);
    // A later edit moves those who drain, and leaves alone those who were pinned.
    write(
      `${head}steps:\n  - { id: other, wait: 2d }\nremoved: { old-digest: exit, promo: exit, pause: exit }\n`,
    );
    expect((await run('apply')).code).toBe(0);
    const pinned = { 'old-digest': 3, promo: 4, pause: 5, other: 1 };
    expect(await standing()).toEqual(policy === 'pin' ? pinned : { other: 1 });
  });

  it('that is overtaken by the way back moves people to what is applied now, and ends', async () => {
    const back = await readPlans(db);
    write(second);
    expect(await runStopped('apply')).toBe(0);
    // The way back is applied between two of its batches: its own version is the old one then.
    const isOvertaken = vi.fn(async () => {
      write(first);
      expect(await runStopped('apply')).toBe(0);
    });
    let batches = 0;
    const clock = async () => {
      if (++batches === 2) await isOvertaken();
      return Date.now();
    };
    await moveAll({ db, steps, batch: 5, isStopping: () => batches > 20 }, clock);
    expect(isOvertaken).toHaveBeenCalled();
    expect(batches).toBeLessThan(20);
    const plans = await db.selectFrom('runs').select('plan_hash').distinct().execute();
    expect(plans.map((one) => one.plan_hash)).toEqual(back.current);
  });

  it('parks those whom the ledger refuses until they can be moved, and moves all others', async () => {
    const relent = await refuseMoves(db, 'old-digest');
    write(second);
    expect(await run('apply')).toMatchObject({ code: 0, out: expect.stringContaining('9 runs under way') });
    expect(await readParked(db)).toEqual(Array(3).fill({ parked_why: 'value too long' }));
    expect(await standing()).toEqual({ 'old-digest': 3, pause: 9 });
    await relent();
    expect([(await run('apply')).code, await readParked(db)]).toEqual([0, []]);
  });

  it('goes on with what an apply that was stopped left, and so do the workers', async () => {
    write(second);
    expect(await runStopped('apply')).toBe(0);
    expect(await standing()).toEqual({ 'old-digest': 3, promo: 4, pause: 5 });
    // The first two, who stand in the wait that is over now, are due, and whoever meets them moves them first.
    await db
      .updateTable('agenda')
      .set({ due_at: new Date() })
      .where('contact_id', 'in', ['1', '2'])
      .execute();
    await advance(Date.now());
    expect(await standing()).toEqual({ 'old-digest': 3, promo: 4, pause: 3 });
    expect(await run('apply')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Nothing to change: .* 10 runs under way were moved/),
    });
    expect(await standing()).toEqual({ 'digest-time': 3, pause: 7 });
  });
});
