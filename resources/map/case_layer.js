/** The cases on one canvas: counted into screen cells of 48 px, drawn as one mark a cell and light or, near, as themselves. */
"use strict";

/** Zoomed in so far that at most this many lie on the canvas, every case is drawn itself. */
const POINTS = 3000;
const POINTS_FROM = 15.5;
/** Where a case goes that lies under the pin or what lies over the map, and from how far on, in pixels, a line leads to it. */
const SINGLE_ASIDE = hall.around(60, 6), SINGLE_LED = 10;

hall.CaseLayer = hall.CanvasLayer.extend({
  initialize(names) {
    this.columns = new hall.Columns();
    this.names = names;
    this.cases = true;
    this.heat = false;
    this.marks = [];
    this.singles = [];
    this._aside = new Map(); // where those of them are drawn, in world pixels, that lie under something
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
    this.names.frame(view.zoom, [...this.covers(), ...this.rims()]);
    if (this.heat) this._heat.draw(pen, view, this.columns);
    this._place(cells, view, whole);
    if (this.above?.pin) hall.drawCircle(pen, view, this.above.pin);
    this.names.draw(pen, view);
    this._drawLines(pen, view);
    for (const i of this.singles) this._drawSingle(pen, view, i);
    for (const mark of this.marks) this._drawMark(pen, view, mark);
  },

  /** What lies under a point of the map: {slot}, {mark} or null. */
  under(point) {
    if (!this.cells || !this.cases) return null;
    const {x, y} = this.world(point), mark = this.marks.find((one) => hall.isOn(one, x, y));
    if (mark) return mark.slot >= 0 ? {slot: mark.slot} : {mark};
    const aside = [...this._aside].find(([, spot]) => Math.hypot(spot.x - x, spot.y - y) <= 11);
    if (aside) return {slot: aside[0]};
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
    for (const {x, y, side, more} of this._kept()) room.add({x: x * view.scale + more / 2, y: y * view.scale, w: side + more, h: side, weight: 10});
    for (const box of [...this.covers(), ...(this.above ? this.above.pinRoom(view.scale) : [])]) room.add(box);
    this.marks = this.cases && !whole ? hall.caseMarks(cells, room) : [];
    for (const mark of this.marks) {
      taken.add(mark.box);
      if (mark.from) taken.addLine(mark.from, mark);
    }
    this.singles = this.cases && whole ? this._singles() : [];
    this._aside = this._stepAside(view);
    const singles = this.singles.map((i) => ({...this.spotOf(i, view.scale), w: 13, h: 13}));
    const aside = this.names.giveWay(view.zoom, [...singles, ...this.marks.map((mark) => mark.box)]);
    for (const box of [...singles, ...aside]) taken.add(box);
  },

  /** Where a case is drawn, in world pixels: where it is, or beside what lies over that. */
  spotOf(slot, scale) {
    const {x, y} = this.columns;
    return this._aside.get(slot) || {x: x[slot] * scale, y: y[slot] * scale};
  },

  /** New spots, by slot, for the cases under the pin and under what lies over the map. */
  _stepAside({scale}) {
    const {x, y} = this.columns, over = new hall.Boxes(), found = new Map();
    for (const box of [...this.covers(), ...(this.above ? this.above.pinRoom(scale) : [])]) over.add(box);
    for (const i of this.singles) {
      const box = {x: x[i] * scale, y: y[i] * scale, w: 11, h: 11}, free = over.hit(box) && hall.freeBox(box, SINGLE_ASIDE, over);
      if (!free) continue;
      found.set(i, {x: free.x, y: free.y});
      over.add(free);
    }
    return found;
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

  /** The cases that a line with its halo runs under, {marks, singles}: they are to be drawn again above it. */
  alongLine(part, scale) {
    const lies = (box) => hall.runsThrough(part, {...box, w: box.w + 5, h: box.h + 5});
    return {
      marks: this.marks.filter(({box}) => lies(box)),
      singles: this.singles.filter((i) => lies({...this.spotOf(i, scale), w: 13, h: 13})),
    };
  },

  /** Draw cases on another layer as they are drawn here. */
  again(pen, view, {marks, singles}) {
    for (const i of singles) this._drawSingle(pen, view, i);
    for (const mark of marks) this._drawMark(pen, view, mark);
  },

  /** Lines from cases to where they are drawn. */
  _drawLines(pen, view) {
    const {x, y} = this.columns, names = this.names.boxes(view.zoom);
    for (const [i, spot] of this._aside) {
      const here = {x: x[i] * view.scale, y: y[i] * view.scale};
      if (Math.hypot(spot.x - here.x, spot.y - here.y) >= SINGLE_LED) hall.lead(pen, view, here, spot, names);
    }
    for (const mark of this.marks) if (mark.from) hall.lead(pen, view, mark.from, mark, names);
  },

  _drawSingle(pen, view, slot) {
    const spot = this.spotOf(slot, view.scale);
    hall.stamp(pen, hall.singleSprite(this.columns.light[slot]), spot.x - view.left, spot.y - view.top);
  },

  _drawMark(pen, view, mark) {
    if (this.above && mark.slot >= 0 && mark.slot === this.above.selected?.slot) return; // its ring shows it
    const x = Math.round(mark.x - view.left), y = Math.round(mark.y - view.top);
    hall.stamp(pen, hall.markSprite(mark.light, mark.count), x, y);
  },
});
