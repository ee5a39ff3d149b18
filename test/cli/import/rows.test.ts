// What an export's rows become, and what is said of those that are untidy.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dateReader, isUnreadable, readNumber } from '../../../cli/import/cells.ts';
import { type ImportMap, importMap } from '../../../cli/import/map.ts';
import { type NumberedRow, readRows } from '../../../cli/import/read.ts';
import type { Reading, Row } from '../../../cli/import/row.ts';
import { rowReader } from '../../../cli/import/rows.ts';
import { spellingCount } from '../../../cli/import/spelling.ts';
import { parseInstant } from '../../../engine/calendar-zone.ts';

const readDate = dateReader(['M/D/YYYY'], (local) => parseInstant(local, 'UTC'));
const open = (row: Row): Reading => ({
  row,
  decimal: '.',
  readDate,
  typeOf: (field) => (field === 'amount' ? 'number' : 'text'),
  notes: [],
  refusals: [],
});
const map = (changes: object = {}): ImportMap =>
  importMap.parse({
    import: 'deals',
    name: 'crm',
    dates: 'M/D/YYYY',
    contact: { id: { column: 'account', otherwise: 'no-account-{id}' }, company: 'account' },
    deal: {
      id: 'id',
      owner: 'agent',
      amount: 'value',
      product: { column: 'product', rename: { GTXPro: 'GTX Pro' } },
    },
    stages: [
      { stage: 'Attraction', at: 'engaged', only_if: { stage: 'Prospecting' } },
      { stage: 'Qualification', at: 'engaged', only_if: { stage: ['Engaging', 'Won', 'Lost'] } },
      { stage: 'Purchase', at: 'closed', only_if: { stage: 'Won' } },
      { stage: 'Lost', at: 'closed', only_if: { stage: 'Lost' } },
    ],
    ...changes,
  });
const row = (changes: Row = {}): Row => ({
  id: '1C1I7A6R',
  agent: 'Moses Frase',
  product: 'GTX Plus Basic',
  account: 'Cancity',
  stage: 'Won',
  engaged: '10/20/2016',
  closed: '3/1/2017',
  value: '1,054',
  ...changes,
});
const asOf = Date.UTC(2017, 11, 31);
const take = (changes: Row = {}, given: ImportMap = map(), day: number | null = asOf) =>
  rowReader(given, open, day)(row(changes));

describe('a row of deals', () => {
  it('becomes one stage change for each stage it has reached', () => {
    const { events, notes, refusals } = take();
    expect(events.map(({ id, at, deal }) => [id, at, deal?.stage, deal?.amount])).toEqual([
      ['import:crm:1C1I7A6R:Qualification', Date.UTC(2016, 9, 20), 'Qualification', 1054],
      ['import:crm:1C1I7A6R:Purchase', Date.UTC(2017, 2, 1), 'Purchase', 1054],
    ]);
    expect(events[0]?.contact).toEqual({ id: 'Cancity', company: 'Cancity' });
    expect([notes, refusals]).toEqual([[], []]);
  });

  it('mends a spelling that the map names, and says so', () => {
    const { events, notes } = take({ product: 'GTXPro' });
    expect(events[0]?.deal?.product).toBe('GTX Pro');
    expect(notes).toEqual([{ column: 'product', reason: '"GTXPro" is taken as "GTX Pro"' }]);
  });

  it('without an account belongs to a contact of its own', () => {
    const { events, notes } = take({ account: '' });
    expect(events[0]?.contact).toEqual({ id: 'no-account-1C1I7A6R' });
    expect(notes.map((note) => note.reason)).toEqual([
      'is empty: taken as "no-account-1C1I7A6R"',
      'is empty',
    ]);
  });

  it('without a date is taken as of the day of the export, or refused where the map names none', () => {
    const prospect = { stage: 'Prospecting', engaged: '' };
    expect(take(prospect).events[0]?.at).toBe(asOf);
    expect(take(prospect).notes).toEqual([
      { column: 'engaged', reason: 'is empty: taken as the day of the export' },
    ]);
    expect(take(prospect, map(), null)).toMatchObject({ events: [], refusals: [{ column: 'engaged' }] });
  });

  it.each([
    [{ engaged: '31/12/2016' }, 'engaged', /"31\/12\/2016" is no date of the form M\/D\/YYYY/],
    [{ closed: '2/30/2017' }, 'closed', /no date/],
    [{ value: 'a lot' }, 'value', /no number/],
    [{ id: '' }, 'deal.id', /has no id/],
    [{ stage: 'Wno' }, 'stages', /no stage of the map fits stage "Wno"/],
  ] as const)('is refused with column and reason: %o', (changes, column, reason) => {
    const { events, refusals } = take(changes);
    expect(events).toEqual([]);
    expect(refusals[0]).toMatchObject({ column, reason: expect.stringMatching(reason) });
  });

  it('that closed before it was opened closes on the day it was opened, and says so', () => {
    const { events, notes } = take({ closed: '1/1/2016' });
    expect(events.map((event) => event.at)).toEqual([Date.UTC(2016, 9, 20), Date.UTC(2016, 9, 20)]);
    expect(notes[0]?.reason).toMatch(/before the stage ahead of Purchase/);
  });

  it('whose id an earlier row has is refused', () => {
    const read = rowReader(map(), open, asOf);
    read(row());
    expect(read(row()).refusals[0]?.reason).toMatch(/earlier row has the id "1C1I7A6R"/);
  });
});

describe('a map', () => {
  it('refuses keys that it does not know, and dates without a day', () => {
    expect(importMap.safeParse({ ...map(), datess: 'x' }).success).toBe(false);
    expect(importMap.safeParse({ ...map(), dates: 'MM/YYYY' }).success).toBe(false);
  });
});

describe('cells', () => {
  it.each([
    ['1,054', '.', 1054],
    ['1.054,50', ',', 1054.5],
    ['€ 12 000', '.', 12000],
    ['-3.5', '.', -3.5],
  ] as const)('%s with "%s" is %d', (text, decimal, value) => expect(readNumber(text, decimal)).toBe(value));

  it.each(['1,05', '12 0', '1.2.3', '', 'n/a'])('%s is no number with a decimal point', (text) =>
    expect(isUnreadable(readNumber(text, '.'))).toBe(true),
  );
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voronka-import-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const rowsOf = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    const rows: NumberedRow[] = [];
    for await (const one of readRows(join(folder, name))) rows.push(one);
    return rows;
  };

  it('are read as CSV with the delimiter of their header, quotes and byte order mark included', async () => {
    expect(await rowsOf('a.csv', '\uFEFFid;name\r\n1;"Müller; Söhne"\r\n')).toEqual([
      { line: 2, row: { id: '1', name: 'Müller; Söhne' } },
    ]);
  });

  it('are read as NDJSON with nested names joined by dots', async () => {
    expect(await rowsOf('a.ndjson', '{"contact":{"id":7},"tags":[1]}\n')).toEqual([
      { line: 1, row: { 'contact.id': '7', tags: '[1]' } },
    ]);
  });

  it('with two columns of one name, or broken lines, say where', async () => {
    await expect(rowsOf('b.csv', 'id,id\n1,2\n')).rejects.toThrow(/two columns are named "id"/);
    await expect(rowsOf('b.ndjson', '{"a":1}\n[1]\n')).rejects.toThrow(/b\.ndjson:2: is not a JSON object/);
  });
});

describe('spellings', () => {
  it('of one thing are found by case, spaces and single slips, but not where figures differ', () => {
    const count = spellingCount();
    const add = (value: string, times: number) =>
      Array.from({ length: times }, () => count.add('kind', value));
    add('GTX Pro', 9);
    add('GTXPro', 4);
    add('technology', 5);
    add('technolgy', 2);
    add('GTX 500', 3);
    add('GTX 600', 3);
    expect(count.find().map(({ rare, usual }) => [rare, usual])).toEqual([
      ['GTXPro', 'GTX Pro'],
      ['technolgy', 'technology'],
    ]);
  });
});
