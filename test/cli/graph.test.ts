// The picture of a flow: every step and way of the plan is in it, nothing overflows its box, and no name or condition can
// break out of it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../analysis/chart.ts';
import { layOut, TEXT } from '../../analysis/graph.ts';
import { writeMermaid } from '../../analysis/graph-mermaid.ts';
import { drawFlow } from '../../analysis/graph-svg.ts';
import { main } from '../../cli/main.ts';
import { compile } from '../../engine/compile.ts';
import { flowOf } from '../../engine/flow.ts';
import { steps } from '../../steps/index.ts';
import { goldenCatalogue } from '../lint/catalogue.ts';
import { openTerminal } from './terminal.ts';

const text = `workflow: flow
description: Every way there is
enter:
  when: deal.stage enters "Offer"
  only_if: deal.amount > 3 && contact.first_name != "<b>"
  again: after 90 days
exit:
  - when: deal won
    outcome: won
    goal: true
topic: marketing
steps:
  - id: intro
    send: intro
  - id: think
    wait: 3d
    until: contact clicks intro
    on_timeout:
      - id: again
        repeat: { from: intro, at_most: 2 }
  - id: which
    branch:
      - if: contact.industry == "a]b|c" && deal.amount > 1000 && contact.employees > 10 && deal.amount < 100000
        steps:
          - id: gone
            exit: gone
      - else: []
`;
const { plans, diagnostics } = compile([{ path: 'flow.yaml', text }], steps, goldenCatalogue([]).catalogue);
const plan = plans[0];
if (plan === undefined) throw new Error(JSON.stringify(diagnostics));
const flow = flowOf(plan);
const counts = { intro: { here: 3, came: 1240 } };

const folder = mkdtempSync(join(tmpdir(), 'voronka-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a flow', () => {
  it('has every step, its entry and its end, and every way with what it asks', () => {
    expect(flow.boxes.map(({ id, kind }) => `${id} ${kind}`).sort()).toEqual(
      [
        '@enter enter',
        '@finished end',
        'again fork',
        'gone end',
        'intro step',
        'think fork',
        'which fork',
      ].sort(),
    );
    const ways = flow.ways.map(
      ({ from, to, label, isBack }) => `${from}>${to} ${label}${isBack ? ' back' : ''}`,
    );
    expect(ways).toContain('again>intro again back');
    expect(ways).toContain('think>which it happens');
    expect(ways).toContain('think>again time is up');
    expect(ways).toContain('which>@finished else');
    expect(ways.some((way) => way.startsWith('which>gone contact.industry == '))).toBe(true);
    expect(flow.rules.join('\n')).toContain('again after 90 days');
    expect(flow.rules).toContain('Leaves when deal won: won (the goal)');
  });

  it('is laid out so that words fit their box and boxes do not lie on each other', () => {
    const { boxes, width, height } = layOut(flow.boxes, flow.ways, counts);
    for (const box of boxes) {
      for (const line of box.lines) expect(widthOf(line, TEXT)).toBeLessThan(box.width);
      expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width / 2).toBeLessThanOrEqual(width);
      expect(box.y + box.height / 2).toBeLessThanOrEqual(height);
      for (const other of boxes)
        if (other !== box) {
          const isApart =
            Math.abs(box.x - other.x) >= (box.width + other.width) / 2 ||
            Math.abs(box.y - other.y) >= (box.height + other.height) / 2;
          expect([box.id, other.id, isApart]).toEqual([box.id, other.id, true]);
        }
    }
  });

  it('is drawn the same again, escaped, with title, description and counts', () => {
    const svg = drawFlow(flow, { id: 'flow', counts });
    expect(drawFlow(flow, { id: 'flow', counts })).toBe(svg);
    expect(svg).toContain('<title id="flow-title">flow</title>');
    expect(svg).toContain('3 here, 1,240 came');
    expect(svg).not.toContain('<b>');
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  it('is written as Mermaid in which no label ends early', () => {
    const lines = writeMermaid(flow, null).trim().split('\n');
    const rest = lines.filter((line) => !line.startsWith('%%'));
    expect(rest[0]).toBe('flowchart TD');
    const label = '"[^"<>|[\\]{}]*"';
    const box = new RegExp(`^ {2}n\\d+(\\(\\[|\\[|\\{\\{)${label}(\\]\\)|\\]|\\}\\})$`);
    const way = new RegExp(`^ {2}n\\d+ (-->|-\\.->)(\\|${label}\\|)? n\\d+$`);
    expect(rest.slice(1).filter((line) => !box.test(line) && !way.test(line))).toEqual([]);
    expect(rest.length).toBe(1 + flow.boxes.length + flow.ways.length);
  });
});

describe('graph', () => {
  async function graph(...args: string[]) {
    const terminal = openTerminal();
    return {
      code: await main(['graph', ...args], terminal.streams),
      out: terminal.out(),
      err: terminal.err(),
    };
  }

  it('writes a shipped workflow to a file, in the format of its ending', async () => {
    const [svg, mmd] = [join(folder, 'welcome.svg'), join(folder, 'welcome.mmd')];
    expect((await graph('welcome', '--out', svg)).code).toBe(0);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /);
    expect((await graph('welcome', '--out', mmd)).code).toBe(0);
    expect(readFileSync(mmd, 'utf8')).toContain('flowchart TD');
  });

  it('answers 2 to a workflow or a format that is not there', async () => {
    expect(await graph('welcom')).toMatchObject({ code: 2, err: expect.stringContaining('welcome') });
    expect((await graph('welcome', '--format', 'png')).code).toBe(2);
  });
});
