// `voronka config`: every variable on one screen, with what holds now and what it would be by default. Secrets are
// said to be set, never shown. It complains like every other command, so it is also the way to check a setting.
import Table from 'cli-table3';
import { defineCommand } from './command.ts';
import { readConfig, textOf } from './config.ts';
import { settingNames, settings } from './settings.ts';
import type { Environment } from './streams.ts';
import { plainTable } from './tables.ts';

interface Options {
  readonly json?: boolean;
}

export const config = defineCommand<Options>({
  summary: 'show every setting, its value and its default',
  example: 'PORT=8080 voronka config',
  options: (command) => command.option('--json', 'as JSON'),
  run: async ({ json }, _args, { env, out }) => {
    readConfig(env);
    const rows = settingNames.map((name) => ({ name, ...shown(env, name), text: settings[name].text }));
    if (json) {
      out.write(`${JSON.stringify(rows, null, 2)}\n`);
      return 0;
    }
    const table = new Table({ ...plainTable, head: ['variable', 'value', 'from', 'what it is'] });
    for (const row of rows) table.push([row.name, row.value ?? '-', row.from, row.text]);
    out.write(`${table.toString()}\n`);
    return 0;
  },
});

function shown(
  env: Environment,
  name: (typeof settingNames)[number],
): { value: string | null; from: string } {
  const text = textOf(env, name);
  if (text === null) return { value: settings[name].fallback || null, from: 'default' };
  return { value: settings[name].isSecret ? '(set)' : text, from: 'environment' };
}
