/** The words on the chosen case: its kind and time, and the crews nearest to it by the keys that send them. */
"use strict";

const LEFT_TOKENS = ["tx1", "warn", "bad", "tx2", "tx2", "tx2"];
/** The raster on which room is looked for, and how far the box stays from the map's edges, in pixels. */
const RASTER = 12, RIM = 8;
/** So much farther, in pixels, the words may stand for a line that meets one mark or name less, for one that no name
 * interrupts, and for one that is seen to begin at the ring, without a name within `CLOSE` of it, and to end at the words. */
const CROSSED = 24, INTERRUPTED = 48, APART = 240, CLOSE = 40;
/** Where the line begins, from the middle of the ring, in pixels. */
const RING = 12;
/** What is left of an interrupted line is no shorter than this, in pixels. */
const LOOSE = 16;
/** All words, those without the states of crews, and number and time alone (crews have their keys on the map): so much nearer, in pixels, each must come, more by `row` for each crew. */
const FORMS = [{less: "", worth: 0, row: 0}, {less: "hall-tight", worth: 0, row: 8}, {less: "hall-brief", worth: 36, row: 16}];

hall.Callout = class {
  /** `send(key)` is called with the key of the crew that is clicked. */
  constructor(map, send) {
    this._map = map;
    this._send = send;
    this._box = document.createElement("div");
    this._box.className = "hall-box hall-callout";
    this._box.hidden = true;
    L.DomEvent.disableClickPropagation(this._box);
    this._head = document.createElement("div");
    this._glyph = document.createElement("canvas");
    [this._number, this._kind] = [0, 1].map(() => document.createElement("span"));
    this._left = document.createElement("b");
    this._head.append(this._glyph, this._number, this._kind, this._left);
    this._rows = document.createElement("div");
    this._box.append(this._head, this._rows);
    map.getPane("callout").append(this._box);
    map.on("zoomstart", () => { this._box.style.visibility = "hidden"; });
    this._keys = "";
    this._sizes = new Map(); // {w, h} of the box in pixels, by its words and form
    this._line = []; // the parts of the line to them, {from, to} in world pixels
    this._under = {marks: [], singles: []}; // the cases that it runs under
    this._spot = null; // {x, y, w, h} of the box by its middle, in world pixels; null while it is not seen
    this._room = {ground: null}; // for what it was laid: {ground, box, cover}
  }

  /** Say the case's words and its time in the colour of its light; null for no case. */
  say(chosen, light) {
    this._box.hidden = !chosen || !(chosen.label || chosen.left);
    if (this._box.hidden) return;
    const [number, ...kind] = chosen.label.split(" ");
    this._number.textContent = number;
    this._kind.textContent = kind.join(" ");
    this.tell(chosen.left);
    this._left.style.color = hall.colours[LEFT_TOKENS[light]];
    hall.paintOn(this._glyph, (pen) => hall.stamp(pen, hall.lightSprite(light), 8, 8));
  }

  /** Another time, the rest as before. */
  tell(left) {
    this._left.textContent = left;
  }

  /** Offer crews, [{key, name, status, way, also}]; `also` is another key that proposes the crew, "" for none. */
  offer(crews) {
    this._keys = crews.some(({also}) => also) ? "hall-two-keys" : "";
    this._rows.replaceChildren(...crews.map((crew) => this._row(crew)));
  }

  /** The words are worn or said in another way: what they take is measured anew. */
  forget() {
    this._sizes.clear();
  }

  /**
   * Find room near the case at `at`, in the mercator unit square: over no mark and no name, in fewer words where they come nearer. As
   * long as the `cases` were not drawn anew, the box stays where no crew has come.
   */
  lay(at, view, taken, cases) {
    const isRoom = this._spot && this._room.ground === cases.taken && taken.cover(this._room.box) <= this._room.cover;
    if (!isRoom) this._place(at, view, taken, cases);
  }

  _place(at, view, taken, cases) {
    const corner = this._map.containerPointToLayerPoint([0, 0]).add(this._map.getPixelOrigin()), map = this._map.getSize();
    const from = at && {x: at.x * view.scale, y: at.y * view.scale};
    const isSeen = from && !this._box.hidden && Math.abs(from.x - corner.x - map.x / 2) <= map.x / 2 && Math.abs(from.y - corner.y - map.y / 2) <= map.y / 2;
    this._box.style.visibility = isSeen ? "" : "hidden"; // where the case is out of sight nothing is said of it
    this._spot = null;
    if (!isSeen) return;
    const names = cases.names.boxes(view.zoom);
    let box = null;
    for (const {less, worth: least, row} of FORMS) {
      const worth = least + row * this._rows.childElementCount;
      if (box && box.cost <= worth) break;
      const {w, h} = this._size(less), found = best(spots(corner, map, {w: w + 6, h: h + 6}), from, taken, names);
      if (!box || found.cost + worth < box.cost) box = {...found, cost: found.cost + worth, less};
    }
    const {w, h} = this._size(box.less);
    this._take(box.less);
    this._spot = {x: box.x, y: box.y, w, h};
    this._room = {ground: cases.taken, box, cover: taken.cover(box)};
    this._lead(from, cases, view, names);
    L.DomUtil.setPosition(this._box, L.point(box.x - w / 2, box.y - h / 2).subtract(this._map.getPixelOrigin()).round());
  }

  /** Say it in this form. */
  _take(less) {
    this._box.className = ["hall-box hall-callout", this._keys, less].join(" ");
  }

  /** How large the box is in this form, in pixels: asked of the page once for the same words, because that lays it out. */
  _size(less) {
    const words = [less, this._keys, this._box.textContent.replaceAll(/[0-9]/g, "0")].join("\n");
    if (!this._sizes.has(words)) {
      if (this._sizes.size > 100) this.forget();
      this._take(less);
      this._sizes.set(words, {w: this._box.offsetWidth, h: this._box.offsetHeight});
    }
    return this._sizes.get(words);
  }

  /** Lead a line from the ring of the case to the box: names interrupt it, marks lie on it. */
  _lead(from, cases, view, names) {
    const end = edge(this._spot, from), start = onLine(from, end, RING);
    this._line = hall.parts(start, end, names, LOOSE);
    this._under = cases.alongLine({from: start, to: end}, view.scale);
  }

  /** Draw the line that leads from the case to the words. */
  lead(pen, view, cases) {
    if (!this._spot) return;
    hall.trace(pen, view, this._line);
    for (const [token, wide] of [["map_halo", 5], ["ac", 2]]) { // plain among the borders and ways that it crosses
      pen.strokeStyle = hall.colours[token];
      pen.lineWidth = wide;
      pen.stroke();
    }
    cases.again(pen, view, this._under);
  }

  _row({key, name, status, way, also}) {
    const row = document.createElement("button");
    row.type = "button";
    row.append(...[["kbd", key], ["span", name], ["i", status], ["em", way]].map(([kind, text]) =>
      Object.assign(document.createElement(kind), {textContent: text})));
    if (also) row.firstChild.after(Object.assign(document.createElement("kbd"), {textContent: also}));
    row.setAttribute("aria-label", [name, status, way].join(" ")); // also where fewer words are shown
    row.addEventListener("click", () => this._send(key));
    return row;
  }
};

/** The boxes of this size that lie within the map. */
function spots(corner, map, {w, h}) {
  const found = [];
  for (let y = RIM + h / 2; y + h / 2 + RIM <= map.y; y += RASTER) {
    for (let x = RIM + w / 2; x + w / 2 + RIM <= map.x; x += RASTER) found.push({x: corner.x + x, y: corner.y + y, w, h});
  }
  return found.length ? found : [{x: corner.x + map.x / 2, y: corner.y + h / 2, w, h}];
}

/** The box near the case that covers little and whose line runs under little, with what that costs in pixels. */
function best(found, from, taken, names) {
  const ends = found.map((box) => ({box, end: edge(box, from)})).map(({box, end}) => ({box, end, far: Math.hypot(end.x - from.x, end.y - from.y)}));
  let choice = {...found[0], cost: Infinity};
  for (const {box, end, far} of ends.sort((one, other) => one.far - other.far)) {
    if (far >= choice.cost) break;
    const plain = far + taken.cover(box, (choice.cost - far) / 4) * 4;
    const cost = plain < choice.cost ? plain + crossings({from, to: end}, taken, names) : plain;
    if (cost < choice.cost) choice = {...box, cost};
  }
  return choice;
}

/** What a line costs for what it meets, in pixels: it is to be seen to reach the ring. */
function crossings({from, to}, taken, names) {
  const start = onLine(from, to, RING), parts = hall.parts(start, to, names, LOOSE), close = {from, to: onLine(from, to, RING + CLOSE)};
  const isWhole = parts.length === 1 && isAt(parts[0].from, start) && isAt(parts[0].to, to);
  const isLed = isWhole || (parts.length > 1 && isAt(parts.at(-1).to, to) && !names.some((box) => hall.runsThrough(close, box)));
  return taken.crossed(from, to) * CROSSED + (isWhole ? 0 : INTERRUPTED) + (isLed ? 0 : APART);
}

function isAt(spot, other) {
  return Math.hypot(spot.x - other.x, spot.y - other.y) < 1;
}

/** The spot of a line so far, in pixels, from its beginning. */
function onLine(from, to, far) {
  const share = Math.min(1, far / (Math.hypot(to.x - from.x, to.y - from.y) || 1));
  return {x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share};
}

/** The point of a box that is nearest to a spot: there its line ends. */
function edge({x, y, w, h}, at) {
  return {x: between(at.x, x, w), y: between(at.y, y, h)};
}

/** The point of a box's edge that is nearest to `at`, along one axis. */
function between(at, middle, wide) {
  return Math.max(middle - wide / 2, Math.min(middle + wide / 2, at));
}
