/** What moves above the cases: crews with their names, those near the chosen case with their keys, its ring, the intake pin. */
"use strict";

/** From this zoom on crews at rest and those off duty are shown, and crews have names. */
const NEAR = 13;
/** A crew that has gone so far, in pixels, since places were found looks for another. */
const DRIFT = 8;

hall.CrewLayer = hall.CanvasLayer.extend({
  initialize(cases) {
    this.cases = cases;
    this.crews = new Map();
    this.shown = true;
    this.selected = null; // the chosen case: {slot, label, left}
    this.near = new Map(); // the crews nearest to it, by their number: {key, way}
    this.chosen = null; // the number of the crew that is chosen
    this.hovered = null;
    this.pin = null;
    this.likely = []; // its likely duplicates: {slot, number}
    this._plates = [];
    this.measure = null;
    this.stale = true; // do places have to be found anew?
    this.places = [];
    this._sides = new Map();
    this.callout = null;
    cases.above = this;
  },

  /** The cases redraw this layer with theirs; only the zoom's animation and the end of a move are its own. */
  getEvents() {
    return {zoomanim: this._follow, moveend: () => { this.stale = true; }};
  },

  /** Take the crews: [{id, name, x, y, status, note, old}] in the mercator unit square; those that moved go on. */
  take(crews) {
    const before = this.crews, now = performance.now(), scale = this.view.scale;
    this.crews = new Map(crews.map((crew) => [crew.id, hall.reported(before.get(crew.id), crew, now)]));
    const isNew = crews.length !== before.size || crews.some((crew) => looksNew(before.get(crew.id), crew));
    const isElsewhere = ({laid, x, y}) => laid && Math.hypot(laid.x - x, laid.y - y) * scale > DRIFT;
    const gone = [...this.crews.values()].filter(isElsewhere);
    if (isNew || gone.length) this.stale = true;
    if (gone.some(({id}) => this.near.has(id))) this.cases.touch(); // names and marks make room for it elsewhere
    if (isNew) this.touch();
    else this._step(now);
  },

  /** Paint again when somebody is seen a pixel farther on: while nobody is, nothing is painted. */
  _step(now) {
    clearTimeout(this._timer);
    const wait = this.shown ? hall.nextStep(this._seen(), this.view.scale, now) : Infinity;
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
    this.stale = true;
    this.touch();
  },

  draw(pen, view) {
    const now = performance.now();
    if (this.pin) hall.drawPin(pen, view, this.pin);
    if (this.measure) this.measure.draw(pen, view);
    if (this.stale && !this.cases._frame) this._lay(view, now); // marks about to change would be laid round in vain
    const at = this._at(this.ringed(), view), spots = this.places.map((place) => ({...place, ...this._spot(place, view, now)}));
    hall.drawLikely(pen, view, this._plates, this.cases.columns.light);
    this._lines(pen, view, at, spots);
    for (const {key, crews: [{id}], fromX, fromY} of spots) if (key) this._stampCrew(pen, id, fromX, fromY);
    if (this.hovered) this._hover(pen, view, spots);
    if (at) this._selection(pen, view, at);
    for (const spot of spots) this._stamp(pen, spot);
    for (const crew of this._seen()) crew.painted = hall.whereabouts(crew, now);
    this._step(now);
  },

  /** The place under a point of the map, {crews, ...}, or null. */
  under(point) {
    const at = this.world(point), now = performance.now();
    return (this.shown && this.places.find((place) => {
      const {px, py, fromX, fromY} = this._spot(place, {...this.view, left: 0, top: 0}, now);
      const isOn = (x, y) => Math.abs(x - at.x) <= 10 && Math.abs(y - at.y) <= 10;
      return isOn(px, py) || (place.key && isOn(fromX, fromY));
    })) || null;
  },

  /** Where the crew with this number is drawn, in pixels of the map's window; null where it is not. */
  spotOf(id) {
    const place = this.shown && this.places.find(({crews}) => crews.some((crew) => crew.id === id));
    if (!place) return null;
    const {x, y} = this.world([0, 0]), {px, py} = this._spot(place, {...this.view, left: x, top: y}, performance.now());
    return {x: px, y: py};
  },

  /** The chosen case in the mercator unit square, where it is shown with a ring; else null. */
  ringed() {
    const {columns} = this.cases, slot = this.selected ? this.selected.slot : -1;
    if (slot < 0 || slot >= columns.count || columns.light[slot] >= hall.LIGHTS) return null;
    return {x: columns.x[slot], y: columns.y[slot]};
  },

  /**
   * What names and marks of cases keep off, [{x, y, side, more}] in the mercator unit square and pixels: the ring and the crews near it.
   * Marks leave `more` pixels to the right free, for the key of a crew with its way.
   */
  kept() {
    const ring = this.ringed(), now = performance.now();
    const near = this.shown ? [...this.near.keys()].map((id) => this.crews.get(id)).filter(Boolean) : [];
    return [...(ring ? [{...ring, side: hall.RING, more: 0}] : []), ...near.map((crew) => (
      {...hall.whereabouts(crew, now), side: hall.CREW, more: hall.keyWidth(this.near.get(crew.id).way)}))];
  },

  /** The room of the intake pin in world pixels, [{x, y, w, h}], none without one: no case lies under it. */
  pinRoom(scale) {
    return this.pin ? hall.pinRoom(scale, this.pin) : [];
  },

  /** Say what there is to say of the chosen case, in the colours of now. */
  say() {
    const light = this.selected && this.cases.columns.light[this.selected.slot];
    if (this.callout) this.callout.say(this.ringed() && this.selected, light);
  },

  /** The chosen case has another time left: nothing else changes. */
  tellLeft(left) {
    if (!this.selected) return;
    this.selected.left = left;
    this.callout.tell(left);
  },

  /** The corners of the crews at a place, in the mercator unit square. */
  spread({crews}) {
    const at = crews.map(({id}) => this.crews.get(id)), xs = at.map(({x}) => x), ys = at.map(({y}) => y);
    return {west: Math.min(...xs), north: Math.min(...ys), east: Math.max(...xs), south: Math.max(...ys)};
  },

  /** The crews that are drawn as themselves: those that move are followed. */
  _seen() {
    return this.places.map(({crews}) => this.crews.get(crews[0].id)).filter(Boolean);
  },

  /** Find places for crews and their names, and for the words on the chosen case, round names and marks. */
  _lay(view, now) {
    this.stale = false;
    const taken = this._obstacles(view), before = new Map(this.places.map((place) => [place.crews[0].id, place]));
    this._plates = this.pin ? hall.likelyPlates(this.likely, this.pin, this.cases, view, taken) : [];
    const crews = this.shown ? this._inView(view, now) : [];
    for (const {id} of crews) {
      const {x, y} = this.crews.get(id);
      this.crews.get(id).laid = {x, y};
    }
    const keys = new Map([...this.near].map(([id, {key}]) => [id, key]));
    const from = this._at(this.ringed(), {...view, left: 0, top: 0});
    this.places = hall.crewPlaces(crews, {keys, from, alone: this.chosen, before, taken});
    for (const rim of this.rims()) taken.add(rim);
    this._sides = hall.crewSides(this.places, {
      known: this.crews, before: this._sides, taken, all: view.zoom >= NEAR, chosen: this.chosen,
    });
    if (this.callout) this.callout.lay(this.ringed(), view, taken, this.cases);
  },

  /** The crews on the canvas or near it that are shown at this zoom, in world pixels. */
  _inView(view, now) {
    const {scale, left, top, width, height, zoom} = view;
    return [...this.crews.values()].flatMap(({id, status}) => {
      const isKnown = this.near.has(id) || id === this.chosen;
      if (status < 2 && zoom < NEAR && !isKnown) return [];
      const at = hall.whereabouts(this.crews.get(id), now), x = at.x * scale, y = at.y * scale;
      const isIn = x >= left - 80 && y >= top - 40 && x <= left + width + 80 && y <= top + height + 40;
      return isIn ? [{id, status, x, y, way: this.near.get(id)?.way}] : [];
    });
  },

  /** Where a place lies now in this view: its first crew goes on while its shape keeps its distance from it. */
  _spot({crews: [{id}], dx, dy}, view, now) {
    const at = this._at(hall.whereabouts(this.crews.get(id) || {x: 0, y: 0, fromX: 0, fromY: 0, span: 0}, now), view);
    return {fromX: at.x, fromY: at.y, px: at.x + dx, py: at.y + dy};
  },

  _at(spot, view) {
    return spot && {x: spot.x * view.scale - view.left, y: spot.y * view.scale - view.top};
  },

  /** What names and marks take, and what lies over the map. */
  _obstacles(view) {
    const taken = new hall.Boxes(this.cases.taken);
    for (const box of this.covers()) taken.add(box);
    const chosen = this._at(this.ringed(), {...view, left: 0, top: 0});
    if (chosen) taken.add({...chosen, w: hall.RING, h: hall.RING, weight: 10});
    return taken;
  },

  /** Lines from the chosen case to the crews near it and to its words, and from crews to their marks: none runs through a way. */
  _lines(pen, view, at, spots) {
    const names = this.cases.names.boxes(view.zoom), world = (x, y) => ({x: x + view.left, y: y + view.top});
    pen.save();
    for (const spot of spots) if (spot.key) leaveOut(pen, view, spot);
    for (const spot of spots) {
      const from = world(spot.fromX, spot.fromY);
      if (spot.key && at) way(pen, view, hall.parts(world(at.x, at.y), from, names));
      if (hall.isLed(spot)) hall.lead(pen, view, from, world(spot.px, spot.py), names, hall.colours[spot.key ? "ac" : "ln3"]);
    }
    if (at && this.callout) this.callout.lead(pen, view, this.cases);
    pen.restore();
  },

  _stampCrew(pen, id, x, y) {
    const crew = this.crews.get(id);
    if (crew) hall.stamp(pen, hall.crewSprite(crew.status, crew.old), Math.round(x), Math.round(y));
  },

  _stamp(pen, {crews, key, side, px, py}) {
    const [{id}] = crews, crew = this.crews.get(id), x = Math.round(px), y = Math.round(py);
    if (!crew) return;
    if (key) hall.stamp(pen, hall.keySprite(key), x, y);
    else this._stampCrew(pen, id, x, y);
    if (crews.length > 1) hall.stamp(pen, hall.stackSprite(crews.length), x + 10, y);
    if (side) hall.wayText(pen, this.near.get(id)?.way || "", x + side * 12, y, side);
    if (id === this.chosen) ring(pen, x, y, 11, 2);
    const beside = this._sides.get(id) || (id === this.chosen || this.hovered?.place?.crews[0].id === id ? hall.besideCrew(crew) : null);
    if (beside) hall.crewChip(pen, crew, x + beside.dx, y + beside.dy);
  },

  _selection(pen, view, at) {
    pen.beginPath();
    pen.arc(at.x, at.y, 12.5, 0, 2 * Math.PI);
    pen.fillStyle = hall.colours.acb;
    pen.fill();
    pen.strokeStyle = hall.colours.ac;
    pen.lineWidth = 2;
    pen.stroke();
    hall.stamp(pen, hall.lightSprite(this.cases.columns.light[this.selected.slot]), at.x, at.y);
  },

  _hover(pen, view, spots) {
    const {slot, mark, place} = this.hovered, {columns} = this.cases;
    const spot = place && spots.find(({crews}) => crews[0].id === place.crews[0].id);
    if (spot) return ring(pen, spot.px, spot.py, 10, 1.5);
    if (mark) return ring(pen, mark.box.x - view.left, mark.box.y - view.top, mark.box.w / 2 + 3, 1.5);
    if (slot >= 0 && slot < columns.count) {
      const {x, y} = this.cases.spotOf(slot, view.scale);
      ring(pen, x - view.left, y - view.top, 10, 1.5);
    }
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

/** Paint from now on nothing where the key of a crew stands with its way. */
function leaveOut(pen, {width, height}, {px, py, lean, box}) {
  pen.beginPath();
  pen.rect(0, 0, width, height);
  pen.rect(px + lean - box.w / 2, py - box.h / 2, box.w, box.h);
  pen.clip("evenodd");
}

/** The straight way from the chosen case to where one of the crews near it is: as long as it is far. */
function way(pen, view, parts) {
  pen.setLineDash([3, 3]);
  hall.trace(pen, view, parts);
  pen.strokeStyle = hall.colours.ac;
  pen.lineWidth = 1;
  pen.stroke();
  pen.setLineDash([]);
}
