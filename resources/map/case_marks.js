/** Where the marks of the cases stand: one a cell and light, what is not well first, none on a name or on another mark. */
"use strict";

/** What chooses its spot first; cases on time are plain numbers and take what is left. */
const PRIORITY = [hall.LIGHT.OVERDUE, hall.LIGHT.SOON, hall.LIGHT.UNFILED, hall.LIGHT.PAUSED, hall.LIGHT.ON_TIME, hall.LIGHT.ENDED];
const QUIET = new Set([hall.LIGHT.ON_TIME, hall.LIGHT.ENDED]);

/** How much a plain number weighs, beside 1 of the others, for what may have to cover it. */
const PLAIN = 0.2;

/** How far a mark may step aside: one that is not well never vanishes, a number joins the next one instead. */
const ASIDE = hall.around(49, 7), NEARBY = hall.around(18, 6);
/** So far from its case, in pixels, a mark is led to it by a line; and so far a number looks for another to join. */
const LED = 10, JOINED = 120;

/**
 * The marks of the cells in view, [{light, count, slot, cells, x, y, w, h, left, from}] in world pixels: `x` and `y` are the middle
 * of the shape, the box is around shape and number. `slot` is the case of a mark of one, else -1. `taken` learns them.
 */
hall.caseMarks = (cells, taken) => {
  const marks = [], quiet = [];
  for (const light of PRIORITY) {
    for (const mark of found(cells, light)) {
      const box = hall.freeBox(boxOf(mark), QUIET.has(light) ? NEARBY : ASIDE, taken, (dx, dy) => !isCrossed(mark, dx, dy, taken));
      const next = box || !QUIET.has(light) ? null : nearest(mark, quiet);
      if (next) {
        join(next, mark);
        continue;
      }
      const made = stand(mark, box || hall.leastBox(boxOf(mark), QUIET.has(light) ? NEARBY : ASIDE, taken));
      taken.add(made.box);
      if (made.from) taken.addLine(made.from, made);
      marks.push(made);
      if (QUIET.has(light)) quiet.push(made);
    }
  }
  return marks;
};

/** Does a mark lie under this point, in world pixels? A small one is met beside it too. */
hall.isOn = ({box}, x, y) => Math.abs(x - box.x) <= Math.max(box.w / 2, 8) && Math.abs(y - box.y) <= Math.max(box.h / 2, 8);

function found({cols, rows, split, sumX, sumY, last}, light) {
  const marks = [];
  for (let at = 0; at < cols * rows; at++) {
    const part = at * hall.LIGHTS + light, count = split[part];
    if (count) marks.push({light, count, cells: [at], slot: count === 1 ? last[part] : -1, x: sumX[part] / count, y: sumY[part] / count});
  }
  return marks;
}

/** The room of a mark: its shape, and its number to the right of it; a plain number stands on its spot. */
function boxOf({light, count, x, y}) {
  const text = hall.countWidth(light, count);
  if (QUIET.has(light)) return count === 1 ? {x, y, w: 6, h: 6} : {x, y, w: text + 3, h: 13};
  return {x: x + text / 2, y, w: 14 + text, h: 13};
}

function stand(mark, box) {
  const {x, y} = boxOf(mark), dx = box.x - x, dy = box.y - y;
  const weight = QUIET.has(mark.light) ? PLAIN : 1;
  return {...mark, box: {...box, weight}, from: isLed(mark, dx, dy) ? {x: mark.x, y: mark.y} : null, x: mark.x + dx, y: mark.y + dy};
}

/** Is a mark that stands so far aside led to by a line? */
function isLed(mark, dx, dy) {
  return mark.slot >= 0 && !QUIET.has(mark.light) && Math.hypot(dx, dy) >= LED;
}

/** Would its line run through something else? */
function isCrossed(mark, dx, dy, taken) {
  return isLed(mark, dx, dy) && taken.crossed(mark, {x: mark.x + dx, y: mark.y + dy}) > 0;
}

function nearest(mark, others) {
  let best = null, least = JOINED;
  for (const other of others) {
    const far = Math.hypot(other.x - mark.x, other.y - mark.y);
    if (other.light === mark.light && far < least) [best, least] = [other, far];
  }
  return best;
}

function join(mark, other) {
  mark.count += other.count;
  mark.cells.push(...other.cells);
  mark.slot = -1;
}
