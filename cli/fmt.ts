// `voronka fmt`: workflow files and what stands beside them in their canonical form, comments kept. With --check nothing is
// written: 1 where a file is not in it. A file that cannot be read is told, and left as it is.
import { writeFileSync } from 'node:fs';
import { formatSource } from '../engine/source-format.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { findOwnFolder, readFolder, readNamed, type TextFile } from './folders.ts';

interface Options {
  readonly check?: boolean;
  readonly workflows?: string;
}

export const fmt = defineCommand<Options>({
  summary: 'bring workflow files into their canonical form',
  example: 'voronka fmt --check workflows/welcome.yaml',
  options: (command) =>
    command
      .argument('[files...]', 'files or folders; none: the workflows folder')
      .option('--check', 'write nothing; say which files are not in it')
      .option('--workflows <folder>', 'where the workflows are'),
  run: async (options, named, { env, out, err }) => {
    const folder = () => findOwnFolder(options.workflows ?? readConfig(env).workflows, 'workflows');
    const endings = ['.yaml', '.yml'];
    const files: readonly TextFile[] =
      named.length > 0 ? named.flatMap((path) => readNamed(path, endings)) : readFolder(folder(), endings);
    let problems = 0;
    for (const file of files) {
      const text = formatSource(file);
      if (text === file.text) continue;
      if (text === null) err.write(`${file.path} has mistakes and stays as it is: voronka lint tells them\n`);
      else out.write(`${file.path}\n`);
      if (text === null || options.check) problems++;
      else writeFileSync(file.path, text);
    }
    return problems > 0 ? 1 : 0;
  },
});
