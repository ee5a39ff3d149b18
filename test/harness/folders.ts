// Definitions on disk, for the program as it is shipped: a few small ones, so that it starts at once.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '../../engine/source.ts';

/** Answers what the environment says of them. No surveys are declared: what is shipped would stand in. */
export async function writeDefinitions(
  folder: string,
  workflows: readonly SourceFile[],
  templates: readonly SourceFile[],
): Promise<Readonly<Record<string, string>>> {
  const rooms = {
    VORONKA_WORKFLOWS: [...workflows, { path: 'surveys.yaml', text: 'surveys: {}\n' }],
    VORONKA_TEMPLATES: templates,
  };
  const env: Record<string, string> = {};
  for (const [name, files] of Object.entries(rooms)) {
    env[name] = join(folder, name.toLowerCase());
    await mkdir(env[name], { recursive: true });
    for (const { path, text } of files) await writeFile(join(env[name], path), text);
  }
  return env;
}
