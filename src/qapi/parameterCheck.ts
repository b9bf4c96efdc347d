import { parameterKnowledge, UINT64_MAX } from './parameterKnowledge.ts';

/** Something to tell about the value of a migration parameter. */
export interface ParameterRemark {
  kind: 'out-of-range' | 'not-a-power-of-two' | 'wraps' | 'threshold-zero';
  /** Error: QEMU refuses it. Warning: QEMU takes it, and it is hardly what is meant. */
  severity: 'error' | 'warning';
  message: string;
}

/** Looks for what is wrong with `value` of the migration parameter `name`; undefined when nothing is known to be. */
export function checkParameterValue(name: string, value: bigint): ParameterRemark | undefined {
  const { minimum, maximum, powerOfTwo, unit } = parameterKnowledge(name) ?? {};
  if (minimum === undefined || maximum === undefined) return undefined;
  const smallest = BigInt(minimum);
  const largest = BigInt(maximum);
  // QEMU's reader of unsigned 64-bit integers takes negative ones too, as what they are modulo 2^64.
  if (value < 0n && value >= -(2n ** 63n) && largest === UINT64_MAX) return wraps(name, value);
  if (value < smallest || value > largest) {
    const range = `${smallest} to ${largest}${unit ? ` ${unit}` : ''}`;
    return error('out-of-range', `${name} is ${range}: QEMU refuses ${value}.`);
  }
  if (powerOfTwo && (value & (value - 1n)) !== 0n) {
    return error('not-a-power-of-two', `${name} is a power of two: QEMU refuses ${value}.`);
  }
  if (name === 'avail-switchover-bandwidth' && value > 0n && value < 1000n) {
    return warning(
      'threshold-zero',
      `${value} bytes per second: QEMU divides by 1000 and drops the rest, so the threshold is 0 and the migration ` +
        'never switches over. Is another unit meant? QMP takes bytes per second; 0 means not declared.',
    );
  }
  return undefined;
}

function wraps(name: string, value: bigint): ParameterRemark {
  const consequence =
    name === 'avail-switchover-bandwidth'
      ? 'no link has that, so it switches over at once and the downtime goes far beyond the limit. To let QEMU estimate, write 0.'
      : 'as good as no limit.';
  return warning(
    'wraps',
    `QEMU takes ${value} as ${BigInt.asUintN(64, value)} (2^64 is added): ${consequence}`,
  );
}

function error(kind: ParameterRemark['kind'], message: string): ParameterRemark {
  return { kind, severity: 'error', message };
}

function warning(kind: ParameterRemark['kind'], message: string): ParameterRemark {
  return { kind, severity: 'warning', message };
}
