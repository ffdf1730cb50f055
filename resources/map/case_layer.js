/** The cases on one canvas: counted into screen cells of 48 px, drawn as one mark a cell and light or, near, as themselves. */
"use strict";

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
    this.taken = new hall.Boxes();
    this._heat = new hall.Heat();
    this.above = null;
  },

  /** What lies above stands aside from the marks, so it is drawn after them, in the same frame. */
  redraw() {
    hall.CanvasLayer.prototype.redraw.call(this);
    if (this.above) {
      this.above.stale = true;
      this.above.redraw();
    }
  },

  draw(pen, view) {
    const cells = this.cells = this.columns.tally(view);
    const whole = view.zoom >= POINTS_FROM && cells.visible <= POINTS;
    this.names.avoid(this._kept());
    if (this.heat) this._heat.draw(pen, view, this.columns);
    if (!this.names.hasNotes) this.names.draw(pen, view);
    this._place(cells, view, whole);
    if (whole && this.cases) this._drawSingles(pen, view);
    for (const mark of this.marks) this._drawMark(pen, view, mark);
    if (this.names.hasNotes) this.names.draw(pen, view);
  },

  /** What lies under a point of the map: {slot}, {mark} or null. */
  under(point) {
    if (!this.cells || !this.cases) return null;
    const {x, y} = this.world(point), mark = this.marks.find((one) => hall.isOn(one, x, y));
    if (mark) return mark.slot >= 0 ? {slot: mark.slot} : {mark};
    const slot = this.singles.length ? this.columns.nearest(this.cells, this.view, x, y, 11) : -1;
    return slot >= 0 ? {slot} : null;
  },

  /** The cases of a mark as the corners of their bounds, in the mercator unit square. */
  spread(mark) {
    const {x, y} = this.columns, bounds = {west: 1, north: 1, east: 0, south: 0};
    for (const i of this._within(mark)) {
      bounds.west = Math.min(bounds.west, x[i]);
      bounds.north = Math.min(bounds.north, y[i]);
      bounds.east = Math.max(bounds.east, x[i]);
      bounds.south = Math.max(bounds.south, y[i]);
    }
    return bounds;
  },

  /** A case of a mark: what a click means when the map cannot go nearer. */
  one(mark) {
    return this._within(mark).next().value ?? -1;
  },

  * _within(mark) {
    const {cell, light, count} = this.columns, cells = new Set(mark.cells);
    for (let i = 0; i < count; i++) if (light[i] === mark.light && cells.has(cell[i])) yield i;
  },

  /** Find room for what is drawn: the names have theirs, the chosen case and the crews near it come next, then the marks in their order. */
  _place(cells, view, whole) {
    const taken = this.taken = new hall.Boxes(), room = new hall.Boxes(taken);
    for (const box of this.names.boxes(view.zoom)) taken.add(box);
    for (const {x, y, side, more} of this._kept()) room.add({x: x * view.scale + more / 2, y: y * view.scale, w: side + more, h: side});
    this.marks = this.cases && !whole ? hall.caseMarks(cells, room) : [];
    for (const mark of this.marks) {
      taken.add(mark.box);
      if (mark.from) taken.addLine(mark.from, mark);
    }
    this.singles = this.cases && whole ? this._singles() : [];
    for (const i of this.singles) {
      taken.add({x: this.columns.x[i] * view.scale, y: this.columns.y[i] * view.scale, w: 13, h: 13});
    }
  },

  _kept() {
    return this.above ? this.above.kept() : [];
  },

  /** The cases in view, those that are well first: they lie lowest. */
  _singles() {
    const {columns} = this, groups = hall.LIGHT_ORDER.map(() => []);
    for (let i = 0; i < columns.count; i++) if (columns.cell[i] >= 0) groups[columns.light[i]].push(i);
    return hall.LIGHT_ORDER.flatMap((light) => groups[light]);
  },

  _drawSingles(pen, view) {
    const {x, y, light} = this.columns;
    for (const i of this.singles) {
      hall.stamp(pen, hall.singleSprite(light[i]), x[i] * view.scale - view.left, y[i] * view.scale - view.top);
    }
  },

  _drawMark(pen, view, mark) {
    if (this.above && mark.slot >= 0 && mark.slot === this.above.selected?.slot) return; // its ring shows it
    const x = Math.round(mark.x - view.left), y = Math.round(mark.y - view.top);
    if (mark.from) hall.lead(pen, mark.from.x - view.left, mark.from.y - view.top, x, y);
    hall.stamp(pen, hall.markSprite(mark.light, mark.count), x, y);
  },
});
