export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Finds room for a label: the first of `candidates` (moved sideways into `bounds`) that overlaps nothing in `taken`,
 * which it then joins. Undefined when there is none: the legend still tells the value.
 */
export function placeLabel(candidates: Box[], taken: Box[], bounds: Box): Box | undefined {
  for (const candidate of candidates) {
    const rightmost = bounds.left + bounds.width - candidate.width;
    const box = { ...candidate, left: Math.max(bounds.left, Math.min(candidate.left, rightmost)) };
    if (box.width <= bounds.width && isWithin(box, bounds) && !taken.some((other) => overlap(box, other))) {
      taken.push(box);
      return box;
    }
  }
  return undefined;
}

function isWithin(box: Box, bounds: Box): boolean {
  return box.top >= bounds.top && box.top + box.height <= bounds.top + bounds.height;
}

function overlap(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}
