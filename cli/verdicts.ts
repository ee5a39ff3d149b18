// Stories judged, and what `voronka test` tells a person of them: each story by its name, and below them every line that was not kept, with a caret.
import { printDiagnostics } from '../engine/diagnostic.ts';
import type { Program } from '../engine/plan.ts';
import type { Story } from '../engine/story.ts';
import { judgeStory, type StoryFailure } from '../engine/story-judge.ts';
import { runStory } from '../engine/story-run.ts';
import type { TextFile } from './folders.ts';

export interface Verdict {
  readonly story: Story;
  /** None: the story holds. */
  readonly failures: readonly StoryFailure[];
}

export function judge(stories: readonly Story[], program: Program): Verdict[] {
  return stories.map((story) => ({ story, failures: judgeStory(runStory(story, program), program) }));
}

export function tellVerdicts(
  verdicts: readonly Verdict[],
  silent: readonly string[],
  files: readonly TextFile[],
): string {
  const workflows = [...new Set(verdicts.map(({ story }) => story.workflow))];
  const list = workflows.map((workflow) => {
    const own = verdicts.filter(({ story }) => story.workflow === workflow);
    const lines = own.map(
      ({ story, failures }) => `  ${failures.length === 0 ? 'ok  ' : 'FAIL'}  ${story.name}\n`,
    );
    return `${workflow}\n${lines.join('')}`;
  });
  const failed = verdicts.filter(({ failures }) => failures.length > 0);
  const parts = [...list, ...failed.map((verdict) => tellFailures(verdict, files))];
  return `${[...parts, summary(verdicts, failed.length, silent)].join('\n')}\n`;
}

function tellFailures({ story, failures }: Verdict, files: readonly TextFile[]): string {
  const diagnostics = failures.map(({ place, expected, instead }) => ({
    file: place.file,
    line: place.line,
    column: place.column,
    length: place.length,
    code: 'story',
    severity: 'error' as const,
    message: `${story.name}: \`${expected}\` was not kept`,
    hint: instead,
  }));
  return printDiagnostics(diagnostics, files);
}

function summary(verdicts: readonly Verdict[], failed: number, silent: readonly string[]): string {
  const without = silent.length === 0 ? '' : ` Without stories: ${silent.join(', ')}.`;
  if (verdicts.length === 0) return `No stories: write some under \`tests:\`.${without}`;
  const count = `${verdicts.length} ${verdicts.length === 1 ? 'story' : 'stories'}`;
  return failed === 0
    ? `${count}, all hold.${without}`
    : `${count}: ${verdicts.length - failed} hold, ${failed} do not.${without}`;
}
