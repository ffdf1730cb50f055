/** What moves above the cases: crews with their names, the ring of selection, the pointer's halo, the intake pin. */
"use strict";

/** From this zoom on crews at rest are drawn in full and those off duty at all. */
const NEAR = 13;
/** How far from a mark's rim a crew stands, and the rings on which a free spot is looked for. */
const STEP = 10;
const RINGS = [8, 14, 20, 26, 32, 38, 44, 50];

hall.CrewLayer = hall.CanvasLayer.extend({
  initialize(cases) {
    this.cases = cases;
    this.crews = new Map();
    this.shown = true;
    this.selected = null;
    this.chosen = null; // the number of the crew that is chosen
    this.hovered = null;
    this.pin = null;
    this.measure = null;
    this._sides = new Map();
    cases.above = this;
  },

  /** The cases redraw this layer with theirs; only the zoom's animation and the end of a move are its own. */
  getEvents() {
    return {zoomanim: this._follow, moveend: () => { this._stale = true; }};
  },

  /** Take the crews: [{id, name, x, y, status, note, old}] in the mercator unit square; those that moved go on. */
  take(crews) {
    const before = this.crews, now = performance.now();
    this.crews = new Map(crews.map((crew) => [crew.id, hall.reported(before.get(crew.id), crew, now)]));
    this._stale = true;
    if (crews.length !== before.size || crews.some((crew) => looksNew(before.get(crew.id), crew))) this.touch();
    else this._step(now);
  },

  /** Paint again when somebody is seen a pixel farther on: while nobody is, nothing is painted. */
  _step(now) {
    clearTimeout(this._timer);
    const wait = this.shown ? hall.nextStep(this._inView(now), this.view.scale, now) : Infinity;
    if (wait < Infinity) this._timer = setTimeout(() => this.touch(), wait);
  },

  onRemove() {
    clearTimeout(this._timer);
    hall.CanvasLayer.prototype.onRemove.call(this);
  },

  isEmpty() {
    return !(this.selected || this.hovered || this.pin || this.measure || (this.shown && this.crews.size));
  },

  settle() {
    this._stale = true;
    this.touch();
  },

  draw(pen, view) {
    const now = performance.now();
    if (this.pin) hall.drawPin(pen, view, this.pin);
    if (this.measure) this.measure.draw(pen, view);
    const placed = this.shown ? this._spots(view, now) : [];
    if (this._stale && !this.cases._frame) this._lay(placed, view); // marks about to change would be laid round in vain
    for (const crew of placed) hall.stamp(pen, hall.crewSprite(crew, view.zoom >= NEAR), Math.round(crew.px), Math.round(crew.py));
    for (const crew of placed) this.crews.get(crew.id).painted = crew.at;
    if (this.hovered) this._hover(pen, view, placed);
    const chosen = placed.find((crew) => crew.id === this.chosen);
    if (chosen) ring(pen, chosen.px, chosen.py, 11, 2);
    for (const crew of placed) {
      const side = this._sides.get(crew.id);
      if (side) chip(pen, crew, crew.px + side.dx, crew.py + side.dy);
    }
    if (chosen && !this._sides.has(chosen.id)) this._chipBeside(pen, chosen);
    if (this.selected) this._selection(pen, view);
    this._step(now);
  },

  /** The crew under a point of the map, or null. */
  under(point) {
    const view = this.view, at = this.world(point), x = at.x - view.left, y = at.y - view.top, now = performance.now();
    for (const crew of this.shown ? this._spots(view, now) : []) {
      if ((crew.px - x) ** 2 + (crew.py - y) ** 2 <= 100) return crew;
    }
    return null;
  },

  /** Where the crew with this number is drawn, in pixels of the map's window; null where it is not. */
  spotOf(id) {
    const crew = this.shown && this._spots(this.view, performance.now()).find((one) => one.id === id);
    if (!crew) return null;
    const {x, y} = this.world([0, 0]);
    return {x: crew.px - (x - this.view.left), y: crew.py - (y - this.view.top)};
  },

  /** The crews on the canvas or near it. */
  _inView(now) {
    const {scale, left, top, width, height, zoom} = this.view;
    return [...this.crews.values()].filter((crew) => {
      if (crew.status === 0 && zoom < NEAR) return false;
      const at = hall.whereabouts(crew, now), x = at.x * scale - left, y = at.y * scale - top;
      return x >= -80 && y >= -40 && x <= width + 80 && y <= height + 40;
    });
  },

  _spots(view, now) {
    const marks = this._nearMarks(view), names = this._nearNames(view);
    return this._inView(now).map((crew) => {
      const at = hall.whereabouts(crew, now);
      return aside({...crew, at}, at.x * view.scale - view.left, at.y * view.scale - view.top, marks, names);
    });
  },

  /** Choose a side for each crew's name, those at work first; where there is no room only the shape is shown. */
  _lay(placed, view) {
    this._stale = false;
    const taken = this._obstacles(placed, view), before = this._sides;
    this._sides = new Map();
    const inView = placed.filter(({px, py}) => px > this.edge && px < view.width - this.edge
      && py > this.edge && py < view.height - this.edge);
    const size = this._map.getSize();
    let room = view.zoom >= 14 ? inView.length : Math.floor(size.x * size.y / 42000);
    const order = inView.sort((a, b) => (b.status > 1) - (a.status > 1) || (a.id < b.id ? -1 : 1));
    for (const crew of order) {
      if (room <= 0) break;
      const side = freeSide(crew, before.get(crew.id), taken);
      if (!side) continue;
      this._sides.set(crew.id, side);
      room--;
    }
  },

  /** The street names by their middle in this view. */
  _nearNames(view) {
    return this.cases.names.boxes(view.zoom).map((box) => ({...box, x: box.x - view.left, y: box.y - view.top}));
  },

  _obstacles(placed, view) {
    const taken = new hall.Boxes(), edge = this.edge, {width, height} = view;
    for (const box of this._nearNames(view)) taken.add(box);
    for (const mark of this._nearMarks(view)) taken.add({...mark, w: 2 * mark.r + 4, h: 2 * mark.r + 4});
    for (const slot of this.cases.singles) taken.add({...this._point(slot, view), w: 12, h: 12});
    for (const x of [edge, width - edge]) taken.add({x, y: height / 2, w: 4, h: height});
    for (const y of [edge, height - edge]) taken.add({x: width / 2, y, w: width, h: 4});
    for (const box of document.querySelectorAll(".hall-box:not([hidden]), .hall-line, .leaflet-control-scale")) {
      const {x, y, width: w, height: h} = box.getBoundingClientRect();
      taken.add({x: x + w / 2 + edge, y: y + h / 2 + edge, w, h});
    }
    for (const crew of placed) taken.add({x: crew.px, y: crew.py, w: 12, h: 12});
    const chosen = this.selected && this._point(this.selected.slot, view);
    if (chosen) taken.add({...tagBox(this.selected, chosen, view), wide: true});
    if (chosen) taken.add({...chosen, w: 30, h: 30});
    return taken;
  },

  /** The cases' marks by their middle in this view, to stand aside from. */
  _nearMarks(view) {
    return this.cases.marks.map((mark) => ({x: mark.x - view.left, y: mark.y - view.top, r: mark.r}));
  },

  _point(slot, view) {
    const {columns} = this.cases;
    if (slot >= columns.count || columns.light[slot] >= hall.LIGHTS) return null;
    return {x: columns.x[slot] * view.scale - view.left, y: columns.y[slot] * view.scale - view.top};
  },

  _selection(pen, view) {
    const at = this._point(this.selected.slot, view);
    if (!at) return;
    const light = this.cases.columns.light[this.selected.slot];
    pen.beginPath();
    pen.arc(at.x, at.y, 12.5, 0, 2 * Math.PI);
    pen.fillStyle = hall.colours.acb;
    pen.fill();
    pen.strokeStyle = hall.colours.ac;
    pen.lineWidth = 2;
    pen.stroke();
    hall.stamp(pen, hall.lightSprite(light), at.x, at.y);
    hall.tag(pen, this.selected, light, tagBox(this.selected, at, view));
  },

  _hover(pen, view, placed) {
    const {slot, mark, crew} = this.hovered;
    const there = crew && placed.find((one) => one.id === crew.id);
    const at = mark ? {x: mark.x - view.left, y: mark.y - view.top} : there ? {x: there.px, y: there.py} : this._point(slot, view);
    if (!at) return;
    ring(pen, at.x, at.y, mark ? mark.r + 2 : 10, 1.5);
    if (there && !this._sides.has(there.id)) this._chipBeside(pen, there);
  },

  /** The name of a crew for which there was no room: over what lies there, for as long as somebody looks at it. */
  _chipBeside(pen, crew) {
    chip(pen, crew, crew.px + chipWidth(crew) / 2 + 12, crew.py);
  },
});

/** Does a crew look different, wherever it is? */
function looksNew(old, crew) {
  return !old || ["name", "status", "note", "old"].some((field) => old[field] !== crew[field]);
}

function ring(pen, x, y, r, wide) {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.strokeStyle = hall.colours.ac;
  pen.lineWidth = wide;
  pen.stroke();
}

/** A crew on a name or under a cluster steps to the nearest free spot: name and number stay readable, and so does it. */
function aside(crew, px, py, marks, names) {
  const near = marks.filter(({x, y, r}) => Math.hypot(px - x, py - y) < r + 60);
  const boxes = names.filter((box) => Math.abs(px - box.x) < box.w / 2 + 60 && Math.abs(py - box.y) < box.h / 2 + 60);
  if (isClear(px, py, near, boxes)) return {...crew, px, py};
  const worst = near.find(({x, y, r}) => Math.hypot(px - x, py - y) < r + STEP);
  const turn = worst ? Math.atan2(py - worst.y, px - worst.x) : Math.PI / 2;
  for (const ring of RINGS) {
    for (let step = 0; step < 12; step++) {
      const way = turn + Math.ceil(step / 2) * (step % 2 ? 1 : -1) * Math.PI / 6;
      const x = px + Math.cos(way) * ring, y = py + Math.sin(way) * ring;
      if (isClear(x, y, near, boxes)) return {...crew, px: x, py: y};
    }
  }
  return {...crew, px, py};
}

/** Would a crew's shape here lie on no mark and no name? */
function isClear(px, py, marks, names) {
  return marks.every(({x, y, r}) => Math.hypot(px - x, py - y) >= r + STEP)
    && names.every((box) => Math.abs(px - box.x) >= box.w / 2 + 4 || Math.abs(py - box.y) >= box.h / 2 + 6);
}

function chipWidth(crew) {
  return hall.textWidth(crew.name, 12) + (crew.note ? hall.textWidth(crew.note, 12) + 5 : 0) + 12;
}

/** Right, left, below, above: the side it had, else the first with room. */
function freeSide(crew, before, taken) {
  const w = chipWidth(crew), h = 18;
  const sides = [{dx: w / 2 + 10, dy: 0}, {dx: -w / 2 - 10, dy: 0}, {dx: 0, dy: 19}, {dx: 0, dy: -19}];
  if (before) sides.unshift({dx: Math.sign(before.dx) * (before.dx ? w / 2 + 10 : 0), dy: before.dy});
  for (const side of sides) {
    const box = {x: crew.px + side.dx, y: crew.py + side.dy, w: w + 2, h: h + 2};
    if (taken.hit(box)) continue;
    taken.add(box);
    return side;
  }
  return null;
}

function chip(pen, crew, x, y) {
  const w = chipWidth(crew);
  hall.stamp(pen, hall.sprite(`chip${crew.name}\n${crew.note}`, w + 4, 22, (to) => {
    hall.plate(to, -w / 2, -9, w, 18, 3, hall.colours.bg1, hall.colours.ln2);
    to.font = hall.font(12, false);
    to.fillStyle = hall.colours.tx1;
    to.fillText(crew.name, -w / 2 + 6, 4);
    to.fillStyle = hall.colours.tx2;
    if (crew.note) to.fillText(crew.note, -w / 2 + 11 + hall.textWidth(crew.name, 12), 4);
  }), Math.round(x), Math.round(y));
}

/** What the column of tools takes of the right edge, in pixels. */
const TOOLS_WIDE = 50;
const TOOLS_LOW = 200;

/** Where the tag of the selected case goes: above it, below when the edge is near, inside the map, clear of tools and scale. */
function tagBox(chosen, at, view) {
  const w = hall.textWidth(chosen.label, 12) + (chosen.left ? hall.textWidth(chosen.left, 12, true) + 6 : 0) + 16;
  const above = at.y - 32, edge = hall.CanvasLayer.prototype.edge;
  const y = above < edge + 50 ? at.y + 32 : above;
  const margin = y < edge + TOOLS_LOW ? TOOLS_WIDE : 4;
  const x = Math.max(edge + w / 2 + 4, Math.min(view.width - edge - w / 2 - margin, at.x + w / 2 - 12));
  const {top, right} = document.querySelector(".leaflet-control-scale").getBoundingClientRect();
  const isOverScale = x - w / 2 < right + edge + 4 && y + 12 > top + edge - 4;
  return {x, y: isOverScale ? top + edge - 16 : y, w, h: 24};
}
