/** The cases as columns, and their count in screen cells: one mark a cell and light, never an object a case. */
"use strict";

hall.CELL = 48;
hall.LIGHT = {ON_TIME: 0, SOON: 1, OVERDUE: 2, PAUSED: 3, UNFILED: 4, ENDED: 5, ABSENT: 255};
hall.LIGHTS = 6;

hall.Columns = class {
  constructor() {
    this.count = 0;
    this.mask = null;
    this._hold(0);
  }

  /** A whole snapshot: u32 count, u32 0, f64 x[n], f64 y[n], u8 light[n]; the arrays are views of the buffer. */
  load(buffer) {
    const n = new Uint32Array(buffer, 0, 1)[0];
    this.x = new Float64Array(buffer, 8, n);
    this.y = new Float64Array(buffer, 8 + 8 * n, n);
    this.light = new Uint8Array(buffer, 8 + 16 * n, n);
    this.cell = new Int32Array(n);
    this.count = n;
  }

  /** A delta: u32 count, u32 0, f64 x[m], f64 y[m], u32 slot[m], u8 light[m]; slots past the end make the columns grow. */
  change(buffer) {
    const m = new Uint32Array(buffer, 0, 1)[0];
    const x = new Float64Array(buffer, 8, m), y = new Float64Array(buffer, 8 + 8 * m, m);
    const slot = new Uint32Array(buffer, 8 + 16 * m, m), light = new Uint8Array(buffer, 8 + 20 * m, m);
    for (let i = 0; i < m; i++) {
      const at = slot[i];
      if (at >= this.count) this._reach(at + 1);
      this.x[at] = x[i];
      this.y[at] = y[i];
      this.light[at] = light[i];
    }
  }

  /** One bit a slot, most significant first; null shows all. A slot past the mask waits for one that says whether it passes. */
  filter(bits, length) {
    if (bits === null) this.mask = null;
    else {
      this.mask = new Uint8Array(length);
      for (let i = 0; i < length; i++) this.mask[i] = bits[i >> 3] >> (7 - (i & 7)) & 1;
    }
  }

  /** Is there a case in this slot that the filter shows? */
  shows(slot) {
    if (slot < 0 || slot >= this.count || this.light[slot] >= hall.LIGHTS) return false;
    return this.mask === null || this.mask[slot] === 1;
  }

  /** Count what is in view by cell and light, in cells that are fixed to the world: a pan never reshuffles the marks. */
  tally(view) {
    const cells = this._cells(view), {cols, rows, col, row, split, sumX, sumY, last} = cells;
    const {x, y, light, mask, cell} = this;
    const scale = view.scale, inverse = 1 / hall.CELL, lights = hall.LIGHTS;
    let visible = 0;
    for (let i = 0; i < this.count; i++) {
      cell[i] = -1;
      if (light[i] >= lights || (mask !== null && mask[i] !== 1)) continue;
      const px = x[i] * scale, py = y[i] * scale;
      const c = Math.floor(px * inverse) - col, r = Math.floor(py * inverse) - row;
      if (c < 0 || c >= cols || r < 0 || r >= rows) continue;
      const at = r * cols + c;
      const part = at * lights + light[i];
      cell[i] = at;
      split[part]++;
      sumX[part] += px;
      sumY[part] += py;
      last[part] = i;
      visible++;
    }
    cells.visible = visible;
    return cells;
  }

  /** How many cases of each light are shown at all, wherever they lie. */
  census() {
    const tally = new Int32Array(hall.LIGHTS);
    for (let i = 0; i < this.count; i++) if (this.shows(i)) tally[this.light[i]]++;
    return tally;
  }

  /** The nearest shown case within `reach` world pixels of a point, or -1; only the nine cells around are looked at. */
  nearest(cells, view, px, py, reach) {
    const c = Math.floor(px / hall.CELL) - cells.col, r = Math.floor(py / hall.CELL) - cells.row;
    let best = -1, least = reach * reach;
    for (let i = 0; i < this.count; i++) {
      const at = this.cell[i];
      if (at < 0 || Math.abs(at % cells.cols - c) > 1 || Math.abs(Math.floor(at / cells.cols) - r) > 1) continue;
      const dx = this.x[i] * view.scale - px, dy = this.y[i] * view.scale - py, distance = dx * dx + dy * dy;
      if (distance <= least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  _cells(view) {
    const col = Math.floor(view.left / hall.CELL), row = Math.floor(view.top / hall.CELL);
    const cols = Math.floor((view.left + view.width) / hall.CELL) - col + 1;
    const rows = Math.floor((view.top + view.height) / hall.CELL) - row + 1;
    const size = cols * rows * hall.LIGHTS;
    return {
      cols, rows, col, row, visible: 0, split: new Int32Array(size), last: new Int32Array(size),
      sumX: new Float64Array(size), sumY: new Float64Array(size),
    };
  }

  _reach(count) {
    const {x, y, light, count: before} = this;
    if (count > this.room) this._hold(Math.max(1024, 2 * count));
    if (this.x !== x) {
      this.x.set(x.subarray(0, before));
      this.y.set(y.subarray(0, before));
      this.light.set(light.subarray(0, before));
    }
    this.count = count;
  }

  get room() {
    return this.x.length;
  }

  _hold(room) {
    this.x = new Float64Array(room);
    this.y = new Float64Array(room);
    this.light = new Uint8Array(room).fill(hall.LIGHT.ABSENT);
    this.cell = new Int32Array(room);
  }
};
