/** The words on the chosen case: its kind and time, and the crews nearest to it by the keys that send them. */
"use strict";

const LEFT_TOKENS = ["tx1", "warn", "bad", "tx2", "tx2", "tx2"];
/** The raster on which room is looked for, and how far the box stays from the map's edges, in pixels. */
const RASTER = 12, RIM = 8;
/** So much farther, in pixels, the words may stand for a line that runs under one mark or name less. */
const CROSSED = 24;
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
    this._line = []; // the spots of the line to them that are seen, in world pixels
    this._spot = null; // {x, y, w, h} of the box by its middle, in world pixels; null while it is not seen
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

  /** Find room near the case at `at`, in the mercator unit square: over no mark and no name, in fewer words where they come nearer. */
  lay(at, view, taken) {
    const corner = this._map.containerPointToLayerPoint([0, 0]).add(this._map.getPixelOrigin()), map = this._map.getSize();
    const from = at && {x: at.x * view.scale, y: at.y * view.scale};
    const isSeen = from && !this._box.hidden && Math.abs(from.x - corner.x - map.x / 2) <= map.x / 2 && Math.abs(from.y - corner.y - map.y / 2) <= map.y / 2;
    this._box.style.visibility = isSeen ? "" : "hidden"; // where the case is out of sight nothing is said of it
    this._spot = null;
    if (!isSeen) return;
    let box = null;
    for (const {less, worth: least, row} of FORMS) {
      const worth = least + row * this._rows.childElementCount;
      if (box && box.cost <= worth) break;
      const {w, h} = this._take(less), found = best(spots(corner, map, {w: w + 6, h: h + 6}), from, taken);
      if (!box || found.cost + worth < box.cost) box = {...found, cost: found.cost + worth, less};
    }
    const {w, h} = this._take(box.less);
    this._spot = {x: box.x, y: box.y, w, h};
    this._line = hall.along(from, edge(this._spot, from)).filter((one) => !taken.hit(one)); // it runs under marks and names
    L.DomUtil.setPosition(this._box, L.point(box.x - w / 2, box.y - h / 2).subtract(this._map.getPixelOrigin()).round());
  }

  /** Say it in this form; returns its size in pixels. */
  _take(less) {
    this._box.className = ["hall-box hall-callout", this._keys, less].join(" ");
    return {w: this._box.offsetWidth, h: this._box.offsetHeight};
  }

  /** Draw the line that leads from the case to the words. */
  lead(pen, at, view) {
    if (!this._spot) return;
    const end = edge({...this._spot, x: this._spot.x - view.left, y: this._spot.y - view.top}, at);
    const far = Math.hypot(end.x - at.x, end.y - at.y) || 1, half = hall.STRIDE / 2 / far;
    const [dx, dy] = [(end.x - at.x) * half, (end.y - at.y) * half];
    pen.beginPath();
    for (const spot of this._line) {
      const x = spot.x - view.left, y = spot.y - view.top;
      pen.moveTo(x - dx, y - dy);
      pen.lineTo(x + dx, y + dy);
    }
    for (const [token, wide] of [["map_halo", 5], ["ac", 2]]) { // plain among the borders and ways that it crosses
      pen.strokeStyle = hall.colours[token];
      pen.lineWidth = wide;
      pen.stroke();
    }
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
function best(found, from, taken) {
  const ends = found.map((box) => ({box, end: edge(box, from)})).map(({box, end}) => ({box, end, far: Math.hypot(end.x - from.x, end.y - from.y)}));
  let choice = {...found[0], cost: Infinity};
  for (const {box, end, far} of ends) {
    if (far >= choice.cost) continue;
    const plain = far + taken.cover(box) * 4;
    const cost = plain < choice.cost ? plain + taken.crossed(from, end) * CROSSED : plain;
    if (cost < choice.cost) choice = {...box, cost};
  }
  return choice;
}

/** The point of a box that is nearest to a spot: there its line ends. */
function edge({x, y, w, h}, at) {
  return {x: between(at.x, x, w), y: between(at.y, y, h)};
}

/** The point of a box's edge that is nearest to `at`, along one axis. */
function between(at, middle, wide) {
  return Math.max(middle - wide / 2, Math.min(middle + wide / 2, at));
}
