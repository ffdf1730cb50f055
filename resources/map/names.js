/** The names on the map and where they go: no two overlap, small places choose first, larger ones give way. */
"use strict";

/** Steps a name may take from its place's middle, in pixels, nearest first. */
const STEPS = [[0, 0], [0, 12], [0, -12], [0, 24], [0, -24], [22, 0], [-22, 0], [22, 14], [-22, -14], [22, -14], [-22, 14],
  [0, 38], [0, -38], [44, 0], [-44, 0], [44, 18], [-44, 18], [44, -18], [-44, -18]];

const KINDS = {
  lake: {size: 13, token: "map_lab", from: 0, room: 1.1},
  street: {size: 12, token: "map_lab", from: 0, room: 0.7},
  grid: {size: 11, token: "tx3", from: 14.75, room: 1.25},
};

/** The size of what stands below a name, and the room of the mark before it. */
const NOTE = 12, MARK = 12;

hall.Names = class {
  constructor() {
    this._places = [];
    this._laid = null;
    this._notes = new Map();
    this._avoided = [];
    this._frame = {zoom: -1, covers: []};
    this._framed = null;
    this.shown = true;
  }

  /** Keep off the ring of the chosen case and the crews near it: [{x, y, side}] in the mercator unit square and pixels. */
  avoid(spots) {
    if (JSON.stringify(spots) === JSON.stringify(this._avoided)) return;
    this._avoided = spots;
    this._laid = null;
  }

  /** What lies over the map and where it ends at this zoom, boxes in world pixels: a name that these would cut moves or is left out. */
  frame(zoom, covers) {
    this._frame = {zoom, covers};
    this._framed = null;
  }

  /** Take what is written below names, by the id or name of a place: texts, the first of which has room is used. */
  note(notes) {
    this._notes = notes;
    this._laid = null;
  }

  /** Take the places anew: lists of {kind, name, rings} with rings in the mercator unit square. */
  take(places) {
    this._places = places.filter((place) => place.name).map(measure);
    this._places.sort((a, b) => rank(a) - rank(b) || a.area - b.area);
    this._laid = null;
  }

  /**
   * Marks {x, y, w, h} in world pixels lie where they must: a name with a note that one lies on steps aside or says less, else it lies
   * below the mark. Returns the boxes of those that stepped aside.
   */
  giveWay(zoom, marks) {
    if (!this._notes.size) return [];
    const lying = new hall.Boxes(), boxes = this.boxes(zoom);
    for (const mark of marks) lying.add(mark);
    const under = new Set(boxes.filter((box) => box.note && lying.hit(box))), taken = this._kept(zoom, lying);
    for (const box of [...this._frame.covers, ...boxes]) if (!under.has(box)) taken.add(box);
    const moved = new Map([...under].map((box) => [box, aside(box, taken)]).filter(([, free]) => free));
    if (moved.size) this._framed = {laid: this._laid, boxes: boxes.map((box) => moved.get(box) || box)};
    return [...moved.values()];
  }

  /** Fonts or colours changed: measure and draw again. */
  refresh() {
    this._laid = null;
  }

  /** Boxes {x, y, w, h} in world pixels of this zoom that marks keep clear of. */
  boxes(zoom) {
    if (!this.shown) return [];
    if (this._laid === null || this._laid.zoom !== zoom) this._laid = {zoom, boxes: this._lay(zoom)};
    if (this._frame.zoom !== zoom) return this._laid.boxes;
    if (this._framed === null || this._framed.laid !== this._laid) this._framed = {laid: this._laid, boxes: this._uncut(zoom)};
    return this._framed.boxes;
  }

  draw(pen, view) {
    for (const box of this.boxes(view.zoom)) {
      const x = box.x - view.left, y = box.y - view.top;
      if (x < -box.w || y < -20 || x > view.width + box.w || y > view.height + 20) continue;
      hall.stamp(pen, nameSprite(box), Math.round(x), Math.round(y));
    }
  }

  _lay(zoom) {
    const scale = 256 * 2 ** zoom, taken = this._kept(zoom, new hall.Boxes()), boxes = [];
    for (const place of this._places) {
      const kind = KINDS[place.kind];
      if (zoom < kind.from) continue;
      const w = hall.textWidth(place.name, kind.size) + 8, h = kind.size + 6;
      if (place.spanX * scale < w * kind.room && place.spanY * scale < w * kind.room) continue;
      const texts = this._texts(place);
      const box = texts.map((note) => spot(place, scale, sizeWith(note, w, h), note, taken)).find(Boolean);
      if (box) {
        taken.add(box);
        boxes.push({...box, forms: texts.filter(Boolean).map((note) => ({note, ...sizeWith(note, w, h)}))});
      }
    }
    return boxes;
  }

  /** The names without those that are cut: these moved to where they are whole and free; one with a note is never left out. */
  _uncut(zoom) {
    const {boxes} = this._laid, covers = new hall.Boxes(), taken = this._kept(zoom, new hall.Boxes(covers));
    for (const box of this._frame.covers) covers.add(box);
    const cut = new Set(boxes.filter((box) => covers.hit(box)));
    for (const box of boxes) if (!cut.has(box)) taken.add(box);
    return boxes.flatMap((box) => {
      if (!cut.has(box)) return [box];
      const free = hall.freeBox(box, box.kind === "grid" ? [] : STEPS, taken);
      if (free) taken.add(free);
      return free ? [free] : box.note ? [box] : [];
    });
  }

  /** `taken` with what names keep off. */
  _kept(zoom, taken) {
    const scale = 256 * 2 ** zoom;
    for (const {x, y, side} of this._avoided) taken.add({x: x * scale, y: y * scale, w: side, h: side});
    return taken;
  }

  /** What may stand below a name, the longest first, in the end nothing. */
  _texts({keys}) {
    return [...(this._notes.get(keys.find((key) => this._notes.has(key))) || []), ""];
  }
};

function sizeWith(note, w, h) {
  return note ? {w: Math.max(w, hall.textWidth(note, NOTE) + MARK + 8), h: h + NOTE + 4} : {w, h};
}

/** A name with a note where it is free, with the longest that has room; null where none has. `taken` learns it. */
function aside(box, taken) {
  const free = box.forms.map((form) => hall.freeBox({...box, ...form}, STEPS, taken)).find(Boolean) || null;
  if (free) taken.add(free);
  return free;
}

const widths = new Map();
let ruler = null;

/** Width of a text in the map's font, in pixels; measured once. */
hall.textWidth = (text, size, bold = false) => {
  const key = size + (bold ? "b" : "") + text;
  if (!widths.has(key)) {
    ruler = ruler || document.createElement("canvas").getContext("2d");
    ruler.font = hall.font(size, bold);
    if (widths.size > 4000) widths.clear();
    widths.set(key, Math.ceil(ruler.measureText(text).width));
  }
  return widths.get(key);
};

/** The font has come: whatever was measured with another is forgotten. */
hall.forgetWidths = () => widths.clear();

function rank(place) {
  return place.kind === "lake" ? 0 : place.kind === "street" ? 1 : 2;
}

function spot(place, scale, {w, h}, note, taken) {
  for (const [dx, dy] of place.kind === "grid" ? STEPS.slice(0, 1) : STEPS) {
    const box = {name: place.name, kind: place.kind, note, x: place.x * scale + dx, y: place.y * scale + dy, w, h};
    if (!taken.hit(box)) return box;
  }
  return null;
}

function nameSprite({name, kind, note, w, h}) {
  const {size, token} = KINDS[kind], halo = hall.colours[kind === "lake" ? "map_lake" : "map_halo"];
  return hall.sprite(["name", kind, name, note].join("\n"), w + 4, h + 4, (pen) => {
    const middle = note ? -(NOTE + 4) / 2 : 0, wide = hall.textWidth(note, NOTE);
    hall.haloed(pen, name, 0, middle + Math.round(size * 0.37), {size, halo, ink: hall.colours[token]});
    if (!note) return;
    hall.haloed(pen, note, MARK / 2, middle + size + 5, {size: NOTE, halo, ink: hall.colours.bad});
    pen.translate(-wide / 2 - 1, middle + size + 1);
    hall.glyph(pen, {shape: "diamond", r: 4}, hall.colours.badg, halo);
  });
}

/** The middle of a place: of a raster of points inside its largest ring the one farthest from the edge. */
function measure(place) {
  const ring = place.rings.reduce((a, b) => a.length >= b.length ? a : b, []);
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    north = Math.min(north, y);
    south = Math.max(south, y);
  }
  if (place.frame) {
    west = Math.max(west, place.frame[0]);
    north = Math.max(north, place.frame[1]);
    east = Math.min(east, place.frame[2]);
    south = Math.min(south, place.frame[3]);
  }
  const spanX = east - west, spanY = south - north, steps = place.kind === "grid" ? 4 : 9;
  let best = {x: (west + east) / 2, y: (north + south) / 2, d: -1};
  for (let i = 1; i < steps; i++) {
    for (let j = 1; j < steps; j++) {
      const x = west + spanX * i / steps, y = north + spanY * j / steps, d = depth(ring, x, y);
      if (d > best.d) best = {x, y, d};
    }
  }
  return {kind: place.kind, name: place.name, keys: place.keys, x: best.x, y: best.y, spanX, spanY, area: spanX * spanY};
}

/** Squared distance from a point to a ring's edge, −1 outside it. */
function depth(ring, x, y) {
  let inside = false, least = Infinity;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i], [bx, by] = ring[j];
    if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
    const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy || 1;
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
    least = Math.min(least, (ax + t * dx - x) ** 2 + (ay + t * dy - y) ** 2);
  }
  return inside ? least : -1;
}
