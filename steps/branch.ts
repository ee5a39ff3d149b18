// branch: takes the first arm whose condition holds. `else` is required, and may be empty, so that no reader has to
// wonder what happens to the rest. A condition over an unknown fact is no, and the history says which fact it was.
import { z } from 'zod';
import type { Located } from '../engine/source.ts';
import { type CompileContext, defineStep } from '../engine/step.ts';

const arm = z.strictObject({
  if: z.unknown().optional().describe('A condition; the first arm whose condition holds is taken.'),
  steps: z.array(z.unknown()).optional().describe('What happens then.'),
  else: z.array(z.unknown()).optional().describe('What happens where no condition holds; may be [].'),
});

export const branch = defineStep({
  verb: 'branch',
  shape: z.strictObject({ branch: z.array(arm).describe('Arms: `if` with `steps`, and at the end `else`.') }),
  doc: {
    text: 'Takes the first arm whose condition holds, else the `else` arm, which is required. All arms rejoin after the branch.',
    example:
      '- id: large\n  branch:\n    - if: deal.amount >= 10000\n      steps:\n        - id: large-intro\n          send: qualification-intro\n    - else: []\n',
  },

  compile(_, at, context) {
    const list = at.keys.get('branch')?.value ?? at;
    const arms: Record<string, Located> = {};
    const conditions: { arm: string; condition: string }[] = [];
    for (const [i, one] of list.items.entries()) {
      const isLast = i === list.items.length - 1;
      const otherwise = one.keys.get('else')?.value;
      if (otherwise !== undefined) {
        if (!isLast || one.keys.size > 1)
          context.report(
            'wrong-value',
            one.keys.get('else')?.key ?? one,
            '`else` stands alone, as the last arm',
          );
        arms.else = otherwise;
        continue;
      }
      const name = `if ${i + 1}`;
      const condition = compileArm(one, context);
      if (condition === null) continue;
      conditions.push({ arm: name, condition });
      arms[name] = one.keys.get('steps')?.value ?? one;
    }
    if (arms.else === undefined)
      context.report(
        'no-else',
        at.keys.get('branch')?.key ?? at,
        'this branch has no `else`',
        'add `- else: []` as the last arm',
      );
    const asks = Object.fromEntries(conditions.map(({ arm, condition }) => [arm, condition]));
    return { params: { conditions }, traits: { label: 'branch' }, arms, notes: { asks } };
  },

  decide(view) {
    const taken = view.params.conditions.find(({ condition }) => view.test(condition));
    return taken === undefined
      ? { go: 'on', arm: 'else', why: 'takes else' }
      : { go: 'on', arm: taken.arm, why: `takes if ${taken.condition}` };
  },
});

function compileArm(at: Located, { report, condition }: CompileContext): string | null {
  for (const key of ['if', 'steps'])
    if (!at.keys.has(key)) {
      report('missing-key', at, `\`${key}:\` is missing here`, 'an arm has `if` and `steps`, or `else`');
      return null;
    }
  return condition(at.keys.get('if')?.value ?? at);
}
