// Diagnostics for whoever reads them: a person (a line, a caret, a hint), a program (JSON), GitHub's annotations, or
// anything that reads SARIF 2.1.0. Lines and columns count from 1 everywhere.
import { type Diagnostic, printDiagnostics } from '../engine/diagnostic.ts';
import type { TextFile } from './folders.ts';

type Format = (diagnostics: readonly Diagnostic[], files: readonly TextFile[]) => string;

export const formats: Readonly<Record<string, Format>> = {
  text: (diagnostics, files) => {
    const errors = diagnostics.filter((one) => one.severity === 'error').length;
    const warnings = diagnostics.length - errors;
    const counts = [count(errors, 'error'), count(warnings, 'warning')]
      .filter((one) => one !== '')
      .join(', ');
    return diagnostics.length === 0 ? '' : `${printDiagnostics(diagnostics, files)}\n${counts}\n`;
  },
  json: (diagnostics) =>
    `${JSON.stringify(
      diagnostics.map(({ file, line, column, code, severity, message, hint }) => ({
        file,
        line,
        column,
        code,
        severity,
        message,
        hint,
      })),
      null,
      2,
    )}\n`,
  github: (diagnostics) =>
    diagnostics
      .map(({ file, line, column, code, severity, message, hint }) => {
        const place = `file=${property(file)},line=${line},col=${column},title=${property(code)}`;
        return `::${severity} ${place}::${escaped(hint === null ? message : `${message} (${hint})`)}\n`;
      })
      .join(''),
  sarif: (diagnostics) => `${JSON.stringify(toSarif(diagnostics), null, 2)}\n`,
};

function count(n: number, what: string): string {
  return n === 0 ? '' : `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** As GitHub's workflow commands ask. */
const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function toSarif(diagnostics: readonly Diagnostic[]) {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'voronka',
            rules: [...new Set(diagnostics.map((one) => one.code))].sort().map((id) => ({ id })),
          },
        },
        results: diagnostics.map(({ file, line, column, length, code, severity, message, hint }) => ({
          ruleId: code,
          level: severity,
          message: { text: hint === null ? message : `${message}. ${hint}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file },
                region: { startLine: line, startColumn: column, endColumn: column + length },
              },
            },
          ],
        })),
      },
    ],
  };
}
