import { closest, distance } from 'fastest-levenshtein';

/** A sentence that names what was probably meant, with a blank before it; empty when nothing is near. */
export function didYouMean(typed: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  // People mix the underscores of HMP and the older commands with the dashes of the newer ones.
  const simplified = simplify(typed);
  const nearest = closest(simplified, candidates.map(simplify));
  const isNear = distance(simplified, nearest) <= allowedDistance(typed);
  const candidate = candidates.find((one) => simplify(one) === nearest);
  return isNear && candidate !== undefined ? ` Did you mean "${candidate}"?` : '';
}

/** Two letters swapped are a distance of 2. */
function allowedDistance({ length }: string): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
