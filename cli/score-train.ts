// `voronka score train`: learns the chance that a deal is won from those that are decided, and says how far to trust it.
// Every figure is out of fold. Fields that are known only after the outcome are refused, because a model that leans on
// them looks perfect and knows nothing; fields that predict too well to be true are named.
import type { Field } from '../analysis/columns.ts';
import { valuesOf } from '../analysis/deal-values.ts';
import { leaksOf, type Suspect, suspectsOf } from '../analysis/leaks.ts';
import { type Case, type Training, trainModel } from '../analysis/predict.ts';
import { readDecided, writeModel } from '../db/models.ts';
import { readDeclarations } from '../db/plans.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import { suggest } from '../engine/spelling.ts';
import type { Json } from '../engine/step.ts';
import { toCatalogue } from '../workers/definitions.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { tellTraining } from './score-training.ts';
import { complaint } from './streams.ts';

interface Options {
  readonly fields?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
type DeclaredField = Field & { readonly afterOutcome: boolean };

/** More would not change the weights, and older deals tell less. */
const mostDeals = 50_000;
/** Who somebody is and where the deal stands say nothing that the next deal could be judged by. */
const apart = ['id', 'email', 'first_name', 'last_name', 'timezone', 'company', 'pipeline', 'stage', 'title'];

export const train = defineCommand<Options>({
  summary: 'learn the chance that a deal is won from those that are decided',
  example: 'voronka score train --fields deal.amount,deal.budget,contact.role',
  options: (command) =>
    command
      .option('--fields <paths>', 'what to learn from; without it, every field that may be known before')
      .option('--dry-run', 'only say how good it would be')
      .option('--json', 'as JSON'),
  run: (options, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'score', { isGuest: true });
      const catalogue = toCatalogue(await readDeclarations(db));
      const declared = fieldsOf(catalogue);
      const fields = chooseFields(declared, options.fields);
      const { won, lost } = outcomesOf(catalogue);
      const deals = await readDecided(db, [...won, ...lost], mostDeals);
      const isWon = (pipeline: unknown, stage: string) =>
        won.some((one) => one.pipeline === pipeline && one.stage === stage);
      const cases = deals.map(
        ({ id, stage, contact, deal }): Case => ({
          id,
          won: isWon(deal.pipeline, stage),
          values: valuesOf(fields, { contact, deal }),
        }),
      );
      const training = trainModel(fields, cases);
      const suspects = training.is === 'trained' ? suspectsOf(fields, cases) : [];
      if (training.is === 'trained' && options.dryRun !== true) await keep(training, suspects, fields);
      const leftOut = options.fields === undefined ? leaksOf(declared) : [];
      const said = { fields: fields.map(({ name }) => name), leftOut, suspects, training };
      streams.out.write(options.json ? `${JSON.stringify(said, null, 2)}\n` : tellTraining(said));
      return training.is === 'trained' ? 0 : 1;

      async function keep(
        { model, ...report }: Extract<Training, { is: 'trained' }>,
        suspicions: readonly Suspect[],
        learntFrom: readonly Field[],
      ): Promise<void> {
        const body = { model, fields: learntFrom } as unknown as Json;
        const told = { ...report, suspects: suspicions } as unknown as Json;
        await writeModel(db, 'win', { body, report: told, trainedAt: await clock.now() });
      }
    }),
});

function fieldsOf({ facts, afterOutcome }: Catalogue): DeclaredField[] {
  return (['deal', 'contact'] as const).flatMap((owner) =>
    Object.entries(facts[owner]).flatMap(([name, type]): DeclaredField[] =>
      type === 'number' || type === 'boolean' || (type === 'text' && !apart.includes(name))
        ? [{ name: `${owner}.${name}`, type, afterOutcome: afterOutcome.includes(`${owner}.${name}`) }]
        : [],
    ),
  );
}

function chooseFields(declared: readonly DeclaredField[], wanted: string | undefined): Field[] {
  if (wanted === undefined) return declared.filter(({ afterOutcome }) => !afterOutcome).map(bare);
  const names = wanted.split(',').map((name) => name.trim());
  const known = declared.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw complaint(
      2,
      unknown
        .map((name) => `\`${name}\` is no field to learn from: ${suggest(name, known) ?? 'see facts.yaml'}`)
        .join('\n'),
    );
  const chosen = declared.filter(({ name }) => names.includes(name));
  const leaks = leaksOf(chosen);
  if (leaks.length > 0)
    throw complaint(
      1,
      `Refused: ${leaks.join(', ')} ${leaks.length > 1 ? 'are' : 'is'} known only after the outcome (after_outcome in facts.yaml).`,
    );
  return chosen.map(bare);
}

const bare = ({ name, type }: Field): Field => ({ name, type });

function outcomesOf({ pipelines }: Catalogue) {
  const stagesOf = (side: 'won' | 'lost') =>
    pipelines.flatMap((one) => one[side].map((stage) => ({ pipeline: one.name, stage })));
  return { won: stagesOf('won'), lost: stagesOf('lost') };
}
