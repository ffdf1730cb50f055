/** Room on the map: what is taken, and where the nearest free spot is. */
"use strict";

/** What the ring of the chosen case takes, in pixels each way. */
hall.RING = 30;
/** How close, in pixels, a line is looked at for what it runs through. */
hall.STRIDE = 5;

/** More rows of cells than there are at any zoom: a number for each cell is found faster than a text. */
const ROWS = 2 ** 21;

/** Rectangles {x, y, w, h} by their middle, hashed by place, over those of `under`, asked for overlap. */
hall.Boxes = class {
  constructor(under = null) {
    this._under = under;
    this._cells = new Map();
  }

  add(box) {
    this._each(box, (key) => {
      const cell = this._cells.get(key);
      if (cell) cell.push(box);
      else this._cells.set(key, [box]);
    });
  }

  /** A rectangle that this one overlaps, or null. */
  hit(box) {
    let found = this._under ? this._under.hit(box) : null;
    if (found) return found;
    this._each(box, (key) => {
      for (const other of this._cells.get(key) || []) if (overlap(box, other)) found = other;
    });
    return found;
  }

  /** Through how many rectangles does a line between two spots run, without those in which it begins or ends? */
  crossed(from, to) {
    const met = new Set(hall.along(from, to).map((box) => this.hit({...box, w: 1, h: 1})));
    return [...met].filter((other) => other && !holds(other, from) && !holds(other, to)).length;
  }

  /** Take the room of a line, so that nothing is laid on it later. */
  addLine(from, to) {
    for (const box of hall.along(from, to)) this.add(box);
  }

  /**
   * How much of other rectangles this one covers, in pixels squared, each as heavy as its `weight` (1 without one). Where that is more
   * than `most`, not all are counted.
   */
  cover(box, most = Infinity) {
    const seen = new Set();
    let sum = this._under ? this._under.cover(box, most) : 0;
    this._each(box, (key) => {
      for (const other of sum <= most && this._cells.get(key) || []) {
        if (seen.has(other) || !overlap(box, other)) continue;
        seen.add(other);
        sum += shared(box.x, box.w, other.x, other.w) * shared(box.y, box.h, other.y, other.h) * (other.weight || 1);
      }
    });
    return sum;
  }

  _each(box, act) {
    const right = Math.floor((box.x + box.w / 2) / 96), low = Math.floor((box.y + box.h / 2) / 96);
    for (let c = Math.floor((box.x - box.w / 2) / 96); c <= right; c++) {
      for (let r = Math.floor((box.y - box.h / 2) / 96); r <= low; r++) act(c * ROWS + r);
    }
  }
};

/** Steps from a spot to the spots around it, nearest first: as far as `most` pixels, every `step`. */
hall.around = (most, step) => {
  const steps = [[0, 0]];
  for (let far = step; far <= most; far += step) {
    for (let turn = 0; turn < 12; turn++) {
      const way = Math.ceil(turn / 2) * (turn % 2 ? 1 : -1) * Math.PI / 6;
      steps.push([Math.round(Math.cos(way) * far), Math.round(Math.sin(way) * far)]);
    }
  }
  return steps;
};

/** Small boxes along the inside of a line. */
hall.along = (from, to) => {
  const far = Math.hypot(to.x - from.x, to.y - from.y), boxes = [];
  for (let at = hall.STRIDE; at < far; at += hall.STRIDE) {
    boxes.push({x: from.x + (to.x - from.x) * at / far, y: from.y + (to.y - from.y) * at / far, w: 3, h: 3});
  }
  return boxes;
};

/**
 * The box moved by the first of the steps that leads to a free spot; null where none does. A spot that `suits(dx, dy)` comes before
 * one that does not.
 */
hall.freeBox = (box, steps, taken, suits = () => true) => {
  let other = null;
  for (const [dx, dy] of steps) {
    const moved = {...box, x: box.x + dx, y: box.y + dy};
    if (taken.hit(moved)) continue;
    if (suits(dx, dy)) return moved;
    other ||= moved;
  }
  return other;
};

/** The box moved by the step that leads to where it covers little, and not far. */
hall.leastBox = (box, steps, taken) => {
  let least = Infinity, found = box;
  for (const [dx, dy] of steps) {
    const moved = {...box, x: box.x + dx, y: box.y + dy}, cover = taken.cover(moved) + Math.hypot(dx, dy) * 2;
    if (cover < least) [found, least] = [moved, cover];
  }
  return found;
};

function overlap(one, other) {
  return Math.abs(other.x - one.x) * 2 < other.w + one.w && Math.abs(other.y - one.y) * 2 < other.h + one.h;
}

function holds(box, {x, y}) {
  return Math.abs(box.x - x) * 2 <= box.w && Math.abs(box.y - y) * 2 <= box.h;
}

function shared(a, wide, b, broad) {
  return Math.min(a + wide / 2, b + broad / 2) - Math.max(a - wide / 2, b - broad / 2);
}
