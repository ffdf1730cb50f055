/** What one sees and presses on the map: tool column, layers menu, foot with the legend, note of old data. */
"use strict";

const ICONS = {
  layers: "M12 3 3 8l9 5 9-5-9-5ZM3 12l9 5 9-5M3 16l9 5 9-5",
  measure: "M3 17 17 3l4 4L7 21l-4-4Zm4-4 2 2m1-5 3 3m0-6 2 2",
  whole: "M12 3v4m0 10v4M3 12h4m10 0h4M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z",
  nearer: "M12 5v14M5 12h14",
  farther: "M5 12h14",
};
const LAYERS = ["streets", "grids", "names", "graticule"];
hall.Tools = class {
  /**
   * `acts` says what each press does: layers(name, on), isOn(name), measure(on), whole(), nearer(), farther(), power(place);
   * sized() is called when the foot has another height.
   */
  constructor(map, acts) {
    this._acts = acts;
    this._map = map;
    this._spoken = [];
    this._menu = this._box("menu");
    this._stale = this._box("stale");
    this._tip = this._box("tip");
    this._bare = this._box("bare");
    this._bareTitle = document.createElement("strong");
    this._bare.append(this._bareTitle, this._say(document.createElement("span"), "bare_text"));
    const say = (node, word) => this._say(node, word);
    this._foot = this._footer();
    this.legend = new hall.Legend(this._foot, say);
    this.coverage = new hall.CoverageLegend(this._foot, say, acts.power);
    this._foot.append(this._line());
    L.control.scale({imperial: false, maxWidth: 80, updateWhenIdle: true, position: "bottomleft"}).addTo(map);
    this._column();
    this._layers = LAYERS.map((name) => this._layer(name));
    this._menu.hidden = this._stale.hidden = this._bare.hidden = this._tip.hidden = true;
    this._bareName = null;
  }

  /** Put the words of the language everywhere, as text. */
  speak() {
    for (const {node, word, tip} of this._spoken) {
      const text = hall.words[word] || "";
      if (!tip) node.textContent = text;
      else {
        node.title = text;
        node.setAttribute("aria-label", text);
      }
    }
    this._map.getContainer().setAttribute("aria-label", hall.words.map || "");
  }

  /** The name of a district without outlines, which is said until the first case lies on the map, or null. */
  bare(name, census) {
    this._bareName = name;
    this._bareTitle.textContent = (hall.words.bare || "").replace("{district}", () => name);
    this._bare.hidden = name === null || census.some((count) => count > 0);
  }

  /** Draw the legend anew; a district without outlines is no longer said to have none once a case lies on it. */
  wear(census) {
    this.bare(this._bareName, census);
    this.legend.wear(census);
  }

  /** A sentence about old data, or null. */
  stale(text) {
    this._stale.hidden = text === null;
    this._stale.textContent = text ?? "";
  }

  /** Say lines beside a spot of the map, {x, y} in pixels of its window; without a spot nothing is said. */
  tip(lines, spot) {
    this._tip.hidden = !spot || lines.length === 0;
    if (this._tip.hidden) return;
    this._tip.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), {textContent: line})));
    const {width, height} = this._tip.getBoundingClientRect(), low = innerHeight - this.foot;
    this._tip.style.left = Math.max(4, Math.min(innerWidth - width - 4, spot.x - width / 2)) + "px";
    this._tip.style.top = (spot.y + 18 + height < low ? spot.y + 18 : Math.max(4, spot.y - 18 - height)) + "px";
  }

  /** Put the layers' menu away. */
  shut() {
    this._menu.hidden = true;
    this._opener.setAttribute("aria-pressed", false);
  }

  measuring(on) {
    this._measure.setAttribute("aria-pressed", on);
  }

  _box(kind) {
    const box = document.createElement("div");
    box.className = "hall-box hall-" + kind;
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    document.body.append(box);
    return box;
  }

  _say(node, word, tip = false) {
    this._spoken.push({node, word, tip});
    return node;
  }

  _footer() {
    const foot = document.createElement("footer");
    foot.className = "hall-foot";
    document.body.append(foot);
    L.DomEvent.disableClickPropagation(foot);
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--foot", this.foot + "px");
      this._acts.sized();
    }).observe(foot, {box: "border-box"});
    return foot;
  }

  _line() {
    const line = document.createElement("div");
    line.className = "hall-line";
    line.append(this._say(document.createElement("span"), "source"), this._say(document.createElement("span"), "approval"));
    return line;
  }

  /** Pixels of the lower edge that the foot covers. */
  get foot() {
    return this._foot.offsetHeight;
  }

  /** Pixels of the lower edge that the foot, and the sentence on a map without outlines, cover; at most half the map. */
  get covered() {
    return this._bare.hidden ? this.foot : Math.min(innerHeight - this._bare.offsetTop, innerHeight / 2);
  }

  _column() {
    const tools = this._box("tools"), zoom = this._box("zoom");
    this._opener = this._button(tools, "layers", () => {
      this._menu.hidden = !this._menu.hidden;
      this._opener.setAttribute("aria-pressed", !this._menu.hidden);
    });
    this._measure = this._button(tools, "measure", () =>
      this._acts.measure(this._measure.getAttribute("aria-pressed") !== "true"));
    this._button(tools, "whole", this._acts.whole);
    this._button(zoom, "nearer", this._acts.nearer);
    this._button(zoom, "farther", this._acts.farther);
  }

  _button(column, name, act) {
    const button = document.createElement("button"), space = "http://www.w3.org/2000/svg";
    const icon = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
    icon.setAttribute("viewBox", "0 0 24 24");
    path.setAttribute("d", ICONS[name]);
    icon.append(path);
    button.append(icon);
    button.type = "button";
    button.addEventListener("click", () => act());
    column.append(this._say(button, name, true));
    return button;
  }

  _layer(name) {
    const label = document.createElement("label"), tick = document.createElement("input");
    tick.type = "checkbox";
    tick.checked = this._acts.isOn(name);
    tick.addEventListener("change", () => this._acts.layers(name, tick.checked));
    label.append(tick, this._say(document.createElement("span"), name));
    this._menu.append(label);
    return label;
  }
};
