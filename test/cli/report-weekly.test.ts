// The weekly mail as its reader gets it: every chart a picture with its words, every table in the text part too; and the
// command that names readers and shows the mail before it goes out.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addStageChanges } from '../../bench/stage-changes.ts';
import { main } from '../../cli/main.ts';
import { writeReport } from '../../cli/report/weekly.ts';
import { toLetter } from '../../mail/transport-mime.ts';
import { steps } from '../../steps/index.ts';
import { watchDefinitions } from '../../workers/definitions.ts';
import { pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { monday } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { message } from '../mail/outgoing.ts';
import { openTerminal } from './terminal.ts';

const { db, url } = await freshLedger();
const folder = mkdtempSync(join(tmpdir(), 'voronka-weekly-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  const shipped = (path: string) => ({ path, text: readFileSync(`workflows/${path}`, 'utf8') });
  await useDefinitions(db, monday, [pipelinesFile, shipped('teams.yaml'), shipped('weekly-report.yaml')]);
  await addStageChanges(db, 2_000, monday);
});

async function run(...argv: string[]) {
  const terminal = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent', VORONKA_HOME: folder });
  const code = await main(['report', 'weekly', ...argv], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

it.each([
  ['en', 'The funnel this week', /stage +entered +went on/, /^Lead +\d/m],
  ['ru', 'Воронка за неделю', /этап +дошло +прошло/, /^Lead +\d/m],
])(
  'the mail in %s shows each chart as a PNG with its words, and has the tables as text',
  async (locale, subject, head, row) => {
    const program = await watchDefinitions(steps).program(db, []);
    const reports = ['funnel', 'stages', 'forecast', 'nps'];
    const written = await writeReport(db, program, { reports, locale, now: monday });
    const read = await PostalMime.parse((await toLetter(message(written), null)).body);
    expect(read.subject).toBe(subject);
    const shown = [...(read.html ?? '').matchAll(/<img src="cid:([^"]+)"[^>]* alt="([^"]{20,})"/g)];
    expect(shown).toHaveLength(3);
    expect(read.attachments.map(({ contentId }) => contentId)).toEqual(shown.map(([, cid]) => `<${cid}>`));
    for (const { content, mimeType } of read.attachments) {
      expect(mimeType).toBe('image/png');
      const png = Buffer.from(content as ArrayBuffer);
      expect(png.toString('latin1', 1, 4)).toBe('PNG');
      expect(png.readUInt32BE(16)).toBe(1_320);
    }
    expect(read.text).toMatch(head);
    expect(read.text).toMatch(row);
    expect(read.html?.match(/<table/g)).toHaveLength(3);
  },
);

it('shows the mail before it goes out, and mails nobody', async () => {
  const file = join(folder, 'mail.html');
  const { code, out } = await run('--preview', file, '--reports', 'funnel', '--locale', 'ru');
  expect([code, out.split('\n')[0]]).toEqual([0, 'Воронка за неделю']);
  expect(readFileSync(file, 'utf8')).toMatch(/<img src="data:image\/png;base64,/);
  expect(await db.selectFrom('deliveries').select('id').execute()).toEqual([]);
});

it('names a reader, who then waits for Monday; and says what is asked wrongly', async () => {
  expect((await run('--to', 'olga')).out).toMatch(/^Olga Petrova gets the reports by mail every Monday/);
  const events = await db.selectFrom('events').select('type').where('type', 'like', 'report.%').execute();
  expect(events).toEqual([{ type: 'report.asked' }]);
  expect((await run('--stop', 'olga')).code).toBe(0);
  for (const wrong of [
    [],
    ['--to', 'olga', '--stop', 'olga'],
    ['--to', 'nobody'],
    ['--preview', 'x', '--reports', 'funel'],
  ])
    expect((await run(...wrong)).code).toBe(2);
});
