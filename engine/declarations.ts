// The declarations there are, and how they make the catalogue, in this order. A file of workflows/ is a declaration by
// its name; every other one is a workflow.
import { type Catalogue, emptyCatalogue } from './catalogue.ts';
import type { Declaration } from './declaration.ts';
import { calendarsDeclaration } from './declare-calendars.ts';
import { costsDeclaration } from './declare-costs.ts';
import { factsDeclaration } from './declare-facts.ts';
import { formsDeclaration } from './declare-forms.ts';
import { pipelinesDeclaration } from './declare-pipelines.ts';
import { policyDeclaration } from './declare-policy.ts';
import { scoresDeclaration } from './declare-scores.ts';
import { sourcesDeclaration } from './declare-sources.ts';
import { surveysDeclaration } from './declare-surveys.ts';
import { teamsDeclaration } from './declare-teams.ts';
import { collector, type Diagnostic, settle } from './diagnostic.ts';
import { builtInFacts } from './facts.ts';
import { type Located, readSource, type SourceFile } from './source.ts';

export const declarations: readonly Declaration[] = [
  pipelinesDeclaration,
  factsDeclaration,
  calendarsDeclaration,
  teamsDeclaration,
  policyDeclaration,
  sourcesDeclaration,
  surveysDeclaration,
  formsDeclaration,
  costsDeclaration,
  // Last: its rules speak of all the others.
  scoresDeclaration,
];

export interface ReadCatalogue {
  readonly catalogue: Catalogue;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the declarations among `files`, and leaves the rest alone. */
export function readCatalogue(
  files: readonly SourceFile[],
  templates: Catalogue['templates'],
): ReadCatalogue {
  const diagnostics: Diagnostic[] = [];
  const report = collector(diagnostics);
  let catalogue: Catalogue = { ...emptyCatalogue, templates, facts: builtInFacts };
  for (const declaration of declarations) {
    const roots: Located[] = [];
    for (const file of files.filter(({ path }) => isOf(declaration, path))) {
      const { root, refusals } = readSource(file);
      for (const { code, place, message, hint } of refusals) report(code, place, message, hint);
      if (root !== null) roots.push(root);
    }
    catalogue = declaration.read(roots, catalogue, report);
  }
  return { catalogue: withoutPrototypes(catalogue), diagnostics: settle(diagnostics, files) };
}

/** Names are looked up as they are written, and nobody's template is called `constructor`. */
function withoutPrototypes(catalogue: Catalogue): Catalogue {
  const { templates, facts, people, teams, calendars, forms } = catalogue;
  return {
    ...catalogue,
    templates: bare(templates),
    facts: { contact: bare(facts.contact), deal: bare(facts.deal) },
    people: bare(people),
    teams: bare(teams),
    calendars: bare(calendars),
    forms: bare(forms),
  };
}

function bare<T extends object>(record: T): T {
  return Object.assign(Object.create(null), record);
}

export function isDeclaration(path: string): boolean {
  return declarations.some((declaration) => isOf(declaration, path));
}

/** A file of a folder of its own (`sources/forms.yaml`) is that, whatever it is called. */
function isOf({ file }: Declaration, path: string): boolean {
  const folder = declarations.find((one) => one.file.includes('/') && isNamed(one.file, path));
  return folder === undefined ? isNamed(file, path) : folder.file === file;
}

function isNamed(file: string, path: string): boolean {
  const pattern = file.replaceAll('.', '\\.').replace('*', '[^/]+');
  return new RegExp(`(^|/)${pattern}$`).test(path);
}
