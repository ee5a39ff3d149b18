// Golden files: everything in ok/ is silent, everything in err/ says exactly what its .out says (`vitest -u` writes
// it anew; read the difference before committing). A case is a file, or a folder of files that belong together.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codes } from '../../engine/codes.ts';
import { compile } from '../../engine/compile.ts';
import { isDeclaration } from '../../engine/declarations.ts';
import { type Diagnostic, printDiagnostics, settle } from '../../engine/diagnostic.ts';
import type { SourceFile } from '../../engine/source.ts';
import { readLiquid } from '../../mail/texts.ts';
import { steps } from '../../steps/index.ts';
import { goldenCatalogue } from './catalogue.ts';

const here = import.meta.dirname;

interface Case {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

function readCases(folder: string): Case[] {
  const names = readdirSync(join(here, folder)).filter((name) => !name.endsWith('.out'));
  return names.sort().map((name) => {
    const path = join(here, folder, name);
    const isFolder = statSync(path).isDirectory();
    const files = isFolder ? (readdirSync(path, { recursive: true }) as string[]) : [''];
    const paths = files.map((file) => join(path, file)).filter((each) => statSync(each).isFile());
    const base = isFolder ? path : dirname(path);
    return {
      name,
      files: paths.sort().map((each) => ({ path: relative(base, each), text: readFileSync(each, 'utf8') })),
    };
  });
}

function lint({ files }: Case): { diagnostics: readonly Diagnostic[]; plans: number } {
  const { catalogue, diagnostics } = goldenCatalogue(files);
  const compiled = compile(
    files.filter(({ path }) => !isDeclaration(path)),
    steps,
    catalogue,
    readLiquid,
  );
  return {
    diagnostics: settle([...diagnostics, ...compiled.diagnostics], files),
    plans: compiled.plans.length,
  };
}

describe('golden files', () => {
  it.each(readCases('ok'))('ok/$name is silent', (one) => {
    const { diagnostics, plans } = lint(one);
    expect(printDiagnostics(diagnostics, one.files)).toBe('');
    expect(plans).toBe(one.files.filter(({ path }) => !isDeclaration(path)).length);
  });

  it.each(readCases('err'))('err/$name says what its .out says', async (one) => {
    const { diagnostics } = lint(one);
    expect(diagnostics.length).toBeGreaterThan(0);
    const out = join(here, 'err', `${one.name.replace(/\.yaml$/, '')}.out`);
    await expect(printDiagnostics(diagnostics, one.files)).toMatchFileSnapshot(out);
  });

  it('has a pair for every code in the table', () => {
    const seen = new Set(readCases('err').flatMap((one) => lint(one).diagnostics.map(({ code }) => code)));
    expect(Object.keys(codes).filter((code) => !seen.has(code))).toEqual([]);
  });
});
