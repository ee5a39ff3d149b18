// `voronka lint [files]`: every problem of workflows, declarations and templates, each with its place and a hint.
// 0 where there are none, or warnings only; 1 where there are errors. Files named alone are checked against the
// declarations beside them, or else those of the workflows folder.
import { writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { isDeclaration } from '../engine/declarations.ts';
import { type Diagnostic, hasErrors } from '../engine/diagnostic.ts';
import { writeIds } from '../engine/source-ids.ts';
import { steps } from '../steps/index.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import {
  type Checked,
  checkSources,
  compileSources,
  declare,
  readSources,
  type Sources,
} from './definitions.ts';
import { findFolder, findOwnFolder, readFolder, readNamed, type TextFile } from './folders.ts';
import { formats } from './formats.ts';
import { openKept } from './kept.ts';
import { complaint, type Stream } from './streams.ts';

interface Options {
  readonly format: string;
  readonly workflows?: string;
  readonly templates?: string;
  readonly fix?: boolean;
}

const endings = ['.yaml', '.yml', '.mjml', '.txt'];

export const lint = defineCommand<Options>({
  summary: 'check workflows and templates, and say everything that is wrong',
  example: 'voronka lint workflows/welcome.yaml --format json',
  options: (command) =>
    command
      .argument('[files...]', 'files or folders; none: all there is')
      .option('--format <format>', Object.keys(formats).join(' | '), 'text')
      .option('--fix', 'write the ids that steps lack, and say which')
      .option('--workflows <folder>', 'where the declarations and workflows are')
      .option('--templates <folder>', 'where the templates are'),
  run: async (options, named, { env, out, err }) => {
    const format = formats[options.format];
    if (!format)
      throw complaint(2, `--format is one of ${Object.keys(formats).join(', ')}, not ${options.format}`);
    if (options.fix) fix(named, options, readConfig(env), err);
    const { diagnostics, files } = await check(named, options, readConfig(env));
    out.write(format(diagnostics, files));
    if (options.format === 'text' && diagnostics.length === 0) out.write('No problems.\n');
    return hasErrors(diagnostics) ? 1 : 0;
  },
});

function fix(named: readonly string[], options: Options, config: Config, err: Stream): void {
  const yaml = ['.yaml', '.yml'];
  const files =
    named.length > 0
      ? named.flatMap((path) => readNamed(path, yaml)).filter(({ path }) => /\.ya?ml$/.test(path))
      : readFolder(findOwnFolder(options.workflows ?? config.workflows, 'workflows'), yaml);
  const verbs = steps.map(({ verb }) => verb);
  for (const file of files) {
    const fixed = writeIds(file, verbs);
    if (fixed === null || fixed.written.length === 0) continue;
    writeFileSync(file.path, fixed.text);
    for (const { line, id } of fixed.written) err.write(`${file.path}:${line}  wrote \`id: ${id}\`\n`);
  }
}

async function check(named: readonly string[], options: Options, config: Config): Promise<Checked> {
  const templatesFolder = findFolder(options.templates ?? config.templates, 'templates');
  const workflowsFolder = () => findFolder(options.workflows ?? config.workflows, 'workflows');
  if (named.length === 0) return checkAll(readSources(workflowsFolder(), templatesFolder), config);
  const files = named.flatMap((path) => readNamed(path, endings));
  const asked = files.filter(({ path }) => /\.ya?ml$/.test(path));
  const folders = options.workflows
    ? [options.workflows]
    : [...new Set(asked.map(({ path }) => dirname(path)))];
  const beside = folders.flatMap(declarationsIn);
  const declared = beside.length > 0 ? beside : declarationsIn(workflowsFolder());
  const sources = { workflows: declare(unique([...declared, ...asked])), templatesFolder };
  const hasLetters = asked.length < files.length;
  const checked = hasLetters ? await checkAll(sources, config) : checkSources(sources);
  const paths = new Set(files.map(({ path }) => path));
  return { ...checked, diagnostics: checked.diagnostics.filter((one) => isAsked(one, paths)) };
}

/** MJML runs for what has changed since the last time. */
async function checkAll(sources: Sources, { home }: Config): Promise<Checked> {
  const kept = openKept(home, sources.templatesFolder);
  const checked = await compileSources(sources, kept);
  kept.save();
  return checked;
}

function isAsked({ file }: Diagnostic, paths: ReadonlySet<string>): boolean {
  return paths.has(file) || paths.has(relative(process.cwd(), file));
}

function declarationsIn(folder: string): TextFile[] {
  return readFolder(folder, ['.yaml', '.yml']).filter(({ path }) => isDeclaration(path));
}

function unique(files: readonly TextFile[]): TextFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
