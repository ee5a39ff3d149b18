// A flow as Mermaid's text, for whoever keeps pictures in Markdown. Every label is quoted and every special sign in it is
// written as an entity, so that no condition or name can break out of its box.
import type { Counts } from './graph.ts';
import type { FlowPicture } from './graph-svg.ts';

const shapes = {
  enter: ['([', '])'],
  step: ['[', ']'],
  fork: ['{{', '}}'],
  end: ['([', '])'],
} as const;

export function writeMermaid({ workflow, boxes, ways, rules }: FlowPicture, counts: Counts | null): string {
  const ids = new Map(boxes.map(({ id }, i) => [id, `n${i}`]));
  const lines = boxes.map(({ id, kind, label }) => {
    const passing = id.startsWith('@') ? undefined : counts?.[id];
    const counted = passing ? `<br/>${passing.here} here, ${passing.came} came` : '';
    const [open, close] = shapes[kind];
    return `  ${ids.get(id)}${open}"${quoted(label)}${counted}"${close}`;
  });
  const arrows = ways.map(({ from, to, label, isBack }) => {
    const arrow = isBack ? '-.->' : '-->';
    return `  ${ids.get(from)} ${arrow}${label === '' ? '' : `|"${quoted(label)}"|`} ${ids.get(to)}`;
  });
  const said = rules.map((rule) => `%% ${rule.replace(/\s+/g, ' ')}`);
  return `${[`%% ${workflow}`, ...said, 'flowchart TD', ...lines, ...arrows].join('\n')}\n`;
}

function quoted(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[#"<>&`\\{}|[\]]/g, (sign) => `#${sign.codePointAt(0)};`);
}
