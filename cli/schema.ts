// `voronka schema`: the JSON schema that editors read, for workflows or for one of the files beside them. The shipped
// workflows name `schema.json` in their first line, so that editors complete and explain while one writes.
import { writeFileSync } from 'node:fs';
import { declarations } from '../engine/declarations.ts';
import { schemaOfDeclaration, schemaOfWorkflows } from '../engine/schema.ts';
import { suggest } from '../engine/spelling.ts';
import { steps } from '../steps/index.ts';
import { defineCommand } from './command.ts';
import { complaint } from './streams.ts';

interface Options {
  readonly out?: string;
  readonly for?: string;
}

export const schema = defineCommand<Options>({
  summary: 'write the JSON schema that editors complete and explain by',
  example: 'voronka schema --out workflows/schema.json',
  options: (command) =>
    command
      .option(
        '--for <file>',
        `a file beside the workflows: ${declarations.map(({ file }) => file).join(', ')}`,
      )
      .option('--out <file>', 'where to write it; none: to the terminal'),
  run: async (options, _args, { out, err }) => {
    const text = `${JSON.stringify(schemaFor(options.for), null, 2)}\n`;
    if (options.out === undefined) out.write(text);
    else {
      writeFileSync(options.out, text);
      err.write(
        `Wrote ${options.out}. An editor reads it by a first line: # yaml-language-server: $schema=./schema.json\n`,
      );
    }
    return 0;
  },
});

function schemaFor(file: string | undefined): object {
  if (file === undefined) return schemaOfWorkflows(steps);
  const found = declarations.find((one) => one.file === file);
  if (found !== undefined) return schemaOfDeclaration(found);
  const known = declarations.map((one) => one.file);
  throw complaint(2, `There is no schema for ${file}; ${suggest(file, known)}`);
}
