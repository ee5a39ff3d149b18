// Golden letters: everything in golden/ok is silent, everything in golden/err says exactly what its .out says (`vitest -u`
// writes it anew; read the difference before committing). A case is a file, or a folder of files that belong together.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { builtInFacts } from '../../engine/facts.ts';
import { TEMPLATE_CODES } from '../../mail/codes.ts';
import { compileTemplates } from '../../mail/library.ts';
import { writeTemplateReference } from '../../mail/reference.ts';
import type { SourceFile } from '../../mail/source.ts';

const here = join(import.meta.dirname, 'golden');

const layout = `<mjml>
  <mj-body>
    <mj-content />
    <mj-section><mj-column><mj-text><a href="{{ links.unsubscribe }}">Unsubscribe</a></mj-text></mj-column></mj-section>
  </mj-body>
</mjml>
`;

interface Case {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

function readCases(folder: string): Case[] {
  const names = readdirSync(join(here, folder)).filter((name) => !name.endsWith('.out'));
  return names.sort().map((name) => {
    const path = join(here, folder, name);
    if (statSync(path).isFile()) return { name, files: [{ path: name, text: readFileSync(path, 'utf8') }] };
    const inside = readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const paths = inside.map((one) => join(one.parentPath, one.name)).sort();
    return {
      name,
      files: paths.map((each) => ({ path: relative(path, each), text: readFileSync(each, 'utf8') })),
    };
  });
}

async function lint({ files }: Case) {
  const own = files.some(({ path }) => path.startsWith('layouts/'));
  const shared = own ? [] : [{ path: 'layouts/default.mjml', text: layout }];
  return compileTemplates([...shared, ...files], { ...builtInFacts, forms: ['bant'] }, ['marketing']);
}

describe('golden letters', () => {
  it.each(readCases('ok'))('ok/$name is silent', async (one) => {
    const { templates, diagnostics } = await lint(one);
    expect(printDiagnostics(diagnostics, one.files)).toBe('');
    expect(templates.length).toBeGreaterThan(0);
  });

  const seen = new Set<string>();
  it.each(readCases('err'))('err/$name says what its .out says', async (one) => {
    const { diagnostics } = await lint(one);
    for (const { code } of diagnostics) seen.add(code);
    expect(diagnostics.length).toBeGreaterThan(0);
    const out = join(here, 'err', `${one.name.replace(/\.mjml$/, '')}.out`);
    await expect(printDiagnostics(diagnostics, one.files)).toMatchFileSnapshot(out);
  });

  it('has a pair for every code in the table', () => {
    expect(Object.keys(TEMPLATE_CODES).filter((code) => !seen.has(code))).toEqual([]);
  });
});

it('the reference of the templates is what the program knows', async () => {
  await expect(writeTemplateReference()).toMatchFileSnapshot('../../templates/README.md');
});
