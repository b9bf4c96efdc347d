import type { Span } from './syntaxTree.ts';

/** Something wrong, or worth knowing, about a place in the document. */
export interface Finding extends Span {
  code: FindingCode;
  severity: 'error' | 'warning' | 'hint';
  message: string;
}

export type FindingCode =
  | 'syntax'
  | 'unknown-command'
  | 'unknown-member'
  | 'missing-member'
  | 'wrong-type'
  | 'unknown-value'
  | 'invalid'
  | 'not-an-integer'
  | 'out-of-range'
  | 'not-a-power-of-two'
  | 'wraps'
  | 'threshold-zero'
  | 'deprecated';
