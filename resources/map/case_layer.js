/** The cases on one canvas: counted into screen cells of 48 px, drawn as one mark a cell or, where few, as themselves. */
"use strict";

/** A cell with fewer than this many cases shows them one by one. */
const FEW = 4;
/** Zoomed in so far that at most this many lie on the canvas, every case is drawn itself. */
const POINTS = 3000;
const POINTS_FROM = 15.5;

hall.CaseLayer = hall.CanvasLayer.extend({
  initialize(names) {
    this.columns = new hall.Columns();
    this.names = names;
    this.cases = true;
    this.heat = false;
    this.marks = [];
    this.singles = [];
    this._heat = new hall.Heat();
    this.above = null;
  },

  /** What lies above stands aside from the marks, so it is drawn after them, in the same frame. */
  redraw() {
    hall.CanvasLayer.prototype.redraw.call(this);
    if (this.above) this.above.redraw();
  },

  draw(pen, view) {
    const cells = this.cells = this.columns.tally(view);
    const whole = view.zoom >= POINTS_FROM && cells.visible <= POINTS;
    if (this.heat) this._heat.draw(pen, view, this.columns);
    if (!this.names.hasNotes) this.names.draw(pen, view);
    this.marks = this.cases && !whole ? this._place(cells, view) : [];
    this.singles = [];
    if (this.cases) this._drawCases(pen, view, cells, whole);
    if (this.names.hasNotes) this.names.draw(pen, view);
  },

  _drawCases(pen, view, cells, whole) {
    this._single(pen, view, cells, whole);
    for (const mark of this.marks) {
      hall.cluster(pen, mark.x - view.left, mark.y - view.top, mark.count, cells.split, mark.at * hall.LIGHTS);
    }
  },

  /** What lies under a point of the map: {slot}, {mark} or null. */
  under(point) {
    if (!this.cells || !this.cases) return null;
    const {x, y} = this.world(point);
    for (const mark of this.marks) {
      if ((mark.x - x) ** 2 + (mark.y - y) ** 2 <= mark.r * mark.r) return {mark};
    }
    const slot = this.columns.nearest(this.cells, this.view, x, y, 11);
    return slot >= 0 && this.isSingle(slot) ? {slot} : null;
  },

  /** Is this case drawn as itself just now, not inside a mark? */
  isSingle(slot) {
    const at = this.columns.cell[slot];
    return at >= 0 && !(this._marked && this._marked[at]);
  },

  /** The cases of a mark as the corners of their bounds, in the mercator unit square. */
  spread(mark) {
    const {columns} = this;
    let west = 1, north = 1, east = 0, south = 0;
    for (let i = 0; i < columns.count; i++) {
      if (columns.cell[i] !== mark.at) continue;
      west = Math.min(west, columns.x[i]);
      east = Math.max(east, columns.x[i]);
      north = Math.min(north, columns.y[i]);
      south = Math.max(south, columns.y[i]);
    }
    return {west, north, east, south};
  },

  /** The worst case of a mark: what a click means when the map cannot go nearer. */
  worst(mark) {
    const {columns} = this;
    let best = -1;
    for (let i = 0; i < columns.count; i++) {
      if (columns.cell[i] !== mark.at) continue;
      if (best < 0 || hall.LIGHT_ORDER.indexOf(columns.light[i]) > hall.LIGHT_ORDER.indexOf(columns.light[best])) best = i;
    }
    return best;
  },

  /** One mark a full cell, near the middle of its cases, off the names and off each other. */
  _place(cells, view) {
    const marks = [], byCell = new Map();
    this._marked = new Uint8Array(cells.total.length);
    for (let at = 0; at < cells.total.length; at++) {
      const count = cells.total[at];
      if (count < FEW) continue;
      const r = hall.radius(count), mark = {at, count, r, x: cells.sumX[at] / count, y: cells.sumY[at] / count};
      keepIn(mark, cells);
      this._marked[at] = 1;
      marks.push(mark);
      byCell.set(at, mark);
    }
    const boxes = nearBoxes(this.names.boxes(view.zoom), view);
    for (let round = 0; round < 8; round++) {
      for (const mark of marks) push(mark, boxes, byCell, cells.cols);
    }
    return marks;
  },

  _single(pen, view, cells, whole) {
    const {columns} = this, groups = hall.LIGHT_ORDER.map(() => []);
    if (whole) this._marked = null;
    for (let i = 0; i < columns.count; i++) {
      const at = columns.cell[i];
      if (at >= 0 && (whole || cells.total[at] < FEW)) groups[columns.light[i]].push(i);
    }
    for (const light of hall.LIGHT_ORDER) {
      const sprite = hall.lightSprite(light);
      this.singles.push(...groups[light]);
      for (const i of groups[light]) {
        hall.stamp(pen, sprite, columns.x[i] * view.scale - view.left, columns.y[i] * view.scale - view.top);
      }
    }
  },
});

/** A mark stays within its own cell, so two neighbours rarely touch. */
function keepIn(mark, cells) {
  const slack = Math.max(0, hall.CELL / 2 - mark.r - 1);
  const x = (cells.col + mark.at % cells.cols + 0.5) * hall.CELL;
  const y = (cells.row + Math.floor(mark.at / cells.cols) + 0.5) * hall.CELL;
  mark.x = Math.max(x - slack, Math.min(x + slack, mark.x));
  mark.y = Math.max(y - slack, Math.min(y + slack, mark.y));
}

function nearBoxes(boxes, view) {
  return boxes.filter((box) => box.x > view.left - 60 && box.x < view.left + view.width + 60
    && box.y > view.top - 60 && box.y < view.top + view.height + 60);
}

/** Push a mark out of every name it lies on, then apart from the marks of the cells around. */
function push(mark, boxes, byCell, cols) {
  for (const box of boxes) {
    const dx = mark.x - box.x, dy = mark.y - box.y;
    const overX = box.w / 2 + mark.r - Math.abs(dx), overY = box.h / 2 + mark.r - Math.abs(dy);
    if (overX <= 0 || overY <= 0) continue;
    if (overY <= overX) mark.y += dy < 0 ? -overY : overY;
    else mark.x += dx < 0 ? -overX : overX;
  }
  for (const step of [1, cols - 1, cols, cols + 1, -1, 1 - cols, -cols, -cols - 1]) {
    const other = byCell.get(mark.at + step);
    if (!other) continue;
    const dx = mark.x - other.x, dy = mark.y - other.y, apart = Math.hypot(dx, dy) || 1;
    const over = mark.r + other.r + 1 - apart;
    if (over <= 0) continue;
    mark.x += dx / apart * over / 2;
    mark.y += dy / apart * over / 2;
    other.x -= dx / apart * over / 2;
    other.y -= dy / apart * over / 2;
  }
}
