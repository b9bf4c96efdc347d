export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Finds room for a label: the first of `candidates` that lies within `bounds` and overlaps nothing in `taken`, which it
 * then joins; failing that, the first that does after a move sideways. Undefined when there is no room: the legend
 * still tells the value.
 */
export function placeLabel(candidates: Box[], taken: Box[], bounds: Box): Box | undefined {
  const moved = candidates.map((box) => ({ ...box, left: clampLeft(box, bounds) }));
  const found = [...candidates, ...moved].find(
    (box) => isWithin(box, bounds) && !taken.some((other) => overlap(box, other)),
  );
  if (found) taken.push(found);
  return found;
}

function clampLeft({ left, width }: Box, bounds: Box): number {
  return Math.max(bounds.left, Math.min(left, bounds.left + bounds.width - width));
}

function isWithin(box: Box, bounds: Box): boolean {
  return (
    box.left >= bounds.left &&
    box.left + box.width <= bounds.left + bounds.width &&
    box.top >= bounds.top &&
    box.top + box.height <= bounds.top + bounds.height
  );
}

function overlap(a: Box, b: Box): boolean {
  const isBeside = a.left >= b.left + b.width || b.left >= a.left + a.width;
  const isAboveOrBelow = a.top >= b.top + b.height || b.top >= a.top + a.height;
  return !isBeside && !isAboveOrBelow;
}
