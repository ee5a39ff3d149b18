// The shipped letters in the colours and with the logo of a company: readable in both schemes, and nothing of ours left.
import { describe, expect, it } from 'vitest';
import { emptyPolicy } from '../../engine/policy.ts';
import { compileTemplates } from '../../mail/library.ts';
import { known, readFiles, write } from './shipped.ts';

const files = readFiles('templates', '.mjml');
const few = files.filter(({ path }) => path.includes('/') || /^(invoice|nps|objection-price)\./.test(path));
const compile = (accent: string) =>
  compileTemplates(few, undefined, [], undefined, { ...emptyPolicy.brand, accent });

describe('the shipped letters in a brand', () => {
  it.each(['#2b5cd9', '#c8102e', '#8e7200', '#111111', '#7a1fa2'])('of %s are readable', async (accent) => {
    const { templates, diagnostics } = await compile(accent);
    expect(diagnostics).toEqual([]);
    expect(templates.length).toBe(6);
    for (const { html } of templates) {
      expect(html).toContain(accent);
      expect(html).not.toContain('#0f5f56');
      expect(html).not.toContain('brand(');
    }
  });

  it('show a logo with the company’s name behind it, and the name where there is none', async () => {
    const [template] = (await compile('#2b5cd9')).templates;
    if (template === undefined) throw new Error('nothing was compiled');
    const plain = write(template, known);
    expect(plain.html).not.toContain('<img');
    expect(plain.text).toMatch(/^Acme Pumps\n/);
    const branded = write(template, known, 'https://acme.example/logo.png');
    expect(branded.html).toMatch(/<img src="https:\/\/acme\.example\/logo\.png" alt="Acme Pumps"/);
  });

  it('tell a colour that nobody knows at its place', async () => {
    const text =
      '---\nsubject: Hello\npreheader: More than that\ntransactional: true\n---\n<mj-section background-color="brand(acent)"><mj-column><mj-text>Hello</mj-text></mj-column></mj-section>\n';
    const { diagnostics } = await compileTemplates([...few, { path: 'mine.en.mjml', text }]);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        code: 'template-variable',
        file: 'mine.en.mjml',
        line: 6,
        column: 31,
        hint: 'did you mean `accent`?',
      }),
    );
  });
});
