// F16: hostile definitions, each read in a process that has 256 MB and is watched from outside: one that is silent longer
// than the bound hangs and is killed, one that ends has crashed (out of memory is a crash).
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { openDice } from './dice.ts';
import { type Hostile, hostileInputs } from './f16-inputs.ts';
import { definePureTrial } from './trial.ts';

export interface DefinitionTrial {
  readonly seed: number;
  /** Shipped files changed by dice, beside the written ones. */
  readonly mutated: number;
  readonly boundMs: number;
}
export type DefinitionReport = {
  readonly inputs: number;
  /** Lint, fmt and lint --fix, each by itself. */
  readonly readings: number;
  readonly crashes: readonly string[];
  readonly hangs: readonly string[];
  readonly polluted: readonly string[];
  readonly slowest: string;
};

export const f16 = definePureTrial({
  name: 'F16',
  says: 'hostile workflows, declarations and templates in 256 MB: crash 0, hang over 1 s 0, polluted prototypes 0',
  options: { mutated: 3000, boundMs: 1000 },
  run: (options): Promise<DefinitionReport> => readHostile(options),
  isMet: ({ crashes, hangs, polluted }) => crashes.length + hangs.length + polluted.length === 0,
});

type Answer = { readonly isPolluted: boolean; readonly ms: number } | 'crash' | 'hang';

export async function readHostile({ seed, mutated, boundMs }: DefinitionTrial): Promise<DefinitionReport> {
  const inputs = hostileInputs(mutated, openDice(seed));
  const found: { readonly name: string; readonly answer: Answer }[] = [];
  let child: ChildProcess | null = null;
  for (const input of inputs)
    for (const act of input.kind === 'template' ? ['lint'] : ['lint', 'fmt', 'fix']) {
      child ??= await start();
      const answer = await ask(child, act, input, boundMs);
      found.push({ name: `${act} ${input.kind} ${input.name}`, answer });
      if (typeof answer === 'string') {
        child.kill('SIGKILL');
        child = null;
      }
    }
  child?.kill('SIGKILL');
  const named = (test: (answer: Answer) => boolean) =>
    found.filter(({ answer }) => test(answer)).map(({ name }) => name);
  const timed = found.flatMap(({ name, answer }) =>
    typeof answer === 'string' ? [] : [{ name, ...answer }],
  );
  const slowest = timed.sort((a, b) => b.ms - a.ms)[0];
  return {
    inputs: inputs.length,
    readings: found.length,
    crashes: named((answer) => answer === 'crash'),
    hangs: named((answer) => answer === 'hang'),
    polluted: named((answer) => typeof answer !== 'string' && answer.isPolluted),
    slowest: slowest === undefined ? 'none' : `${slowest.name}: ${Math.round(slowest.ms)} ms`,
  };
}

const program = join(process.cwd(), 'dist/test/trials/f16-process.js');

async function start(): Promise<ChildProcess> {
  const child = fork(program, [], { execArgv: ['--max-old-space-size=256'], stdio: 'ignore' });
  const first = await next(child, 120_000);
  if (first === 'crash' || first === 'hang') throw new Error('the reading process did not start');
  // Loads and warms what every reading needs; what is asked is how it bears the hostile, not how it starts.
  await ask(child, 'lint', { name: 'mild', kind: 'template', text: mild }, 120_000);
  await ask(
    child,
    'lint',
    { name: 'mild', kind: 'workflow', text: 'workflow: w\nenter: { when: deal won }\nsteps: []' },
    120_000,
  );
  return child;
}

const mild = '---\nsubject: a\ntransactional: true\n---\n<mjml><mj-body><mj-section/></mj-body></mjml>';

function ask(child: ChildProcess, act: string, input: Hostile, boundMs: number): Promise<Answer> {
  const answer = next(child, boundMs);
  child.send({ hostile: input, act }, () => undefined);
  return answer;
}

function next(child: ChildProcess, boundMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (answer: Answer) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      resolve(answer);
    };
    const onMessage = (message: unknown) => end(message as Answer);
    const onExit = () => end('crash');
    const timer = setTimeout(() => end('hang'), boundMs);
    child.on('message', onMessage).on('exit', onExit);
  });
}
