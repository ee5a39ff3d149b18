// One line of the log for a person: time, level, words, and what is left of the fields. JSON is for machines and
// stays untouched; this is what a terminal gets.
import { styleText } from 'node:util';

const levels: Record<number, readonly [string, 'gray' | 'green' | 'yellow' | 'red']> = {
  10: ['trace', 'gray'],
  20: ['debug', 'gray'],
  30: ['info', 'green'],
  40: ['warn', 'yellow'],
  50: ['error', 'red'],
  60: ['fatal', 'red'],
};
const known = new Set(['level', 'time', 'msg', 'err', 'stack', 'type']);

export function toOneLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const [name, colour] = levels[Number(line.level)] ?? ['log', 'gray'];
  const time = new Date(String(line.time)).toTimeString().slice(0, 8);
  const fields = Object.entries(line)
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  const words = [line.msg, causeOf(line.err), ...fields].filter(Boolean).join('  ');
  return `${styleText('gray', time)} ${styleText(colour, name.padEnd(5))} ${words}\n`;
}

function causeOf(err: unknown): string {
  return typeof err === 'object' && err !== null && 'message' in err ? String(err.message) : '';
}
