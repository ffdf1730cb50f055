/** The page's one door: it hears what the console says, in order, and tells back numbers under fixed names. */
"use strict";

hall.words = {lang: "zh"};
hall.voice = {};
let chain = Promise.resolve();

/** Tell the console: a fixed name and numbers, nothing else crosses. */
hall.tell = (name, ...numbers) => fetch("/event/" + [name, ...numbers].join("/"), {cache: "no-store"});

/** Hear one saying after the other, so that a delta never overtakes its snapshot. */
hall.hear = (name, ...told) => {
  chain = chain.then(() => hall.voice[name](...told)).catch((error) => console.error(name, error));
};

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const frame = () => new Promise((go) => requestAnimationFrame(go));
let opened = null;

L.Map.addInitHook(function () {
  opened = this;
});

document.addEventListener("DOMContentLoaded", async () => {
  const map = opened, names = new hall.Names();
  const cases = new hall.CaseLayer(names), crews = new hall.CrewLayer(cases), base = new hall.BaseLayer(map, names);
  map.createPane("cases").style.zIndex = 450;
  map.createPane("crews").style.zIndex = 460;
  map.createPane("callout").style.zIndex = 470;
  cases.options = {pane: "cases"};
  crews.options = {pane: "crews"};
  const coverage = new hall.Coverage(base, names);
  const shown = {map, names, cases, crews, base, coverage, placing: false};
  cases.addTo(map);
  crews.addTo(map);
  hall.shown = shown;
  shown.tools = new hall.Tools(map, acts(shown));
  crews.callout = new hall.Callout(map, (key) => hall.tell("near", key));
  listen(shown);
  Object.assign(hall.voice, voice(shown), dataVoice(shown));
  hall.tell("ready");
});

/** What the tools do. */
function acts({map, base, names, cases, crews}) {
  return {
    isOn: (name) => name === "names" ? names.shown : base.isOn(name),
    layers: (name, on) => {
      if (name === "names") names.shown = on;
      else base.show(name, on);
      cases.touch();
      crews.settle();
    },
    measure: (on) => {
      crews.measure = on ? new hall.Measure() : null;
      hall.shown.tools.measuring(on);
      point();
      crews.touch();
    },
    whole: () => base.whole(hall.shown.tools.covered),
    sized: () => hall.shown.tools && base.fit(hall.shown.tools.covered),
    nearer: () => map.zoomIn(),
    farther: () => map.zoomOut(),
    power: (place) => {
      hall.tell("power", place);
      hall.voice.power(place);
    },
  };
}

/** How the page looks and speaks. */
function voice({map, names, cases, crews, base, coverage, tools}) {
  const cover = () => {
    coverage.lay();
    tools.coverage.tell(coverage);
    cases.touch();
    crews.settle();
  };
  const redraw = () => {
    hall.undress();
    hall.forgetWidths();
    crews.callout.forget();
    names.refresh();
    crews.say();
    cover();
    tools.wear(cases.columns.census());
    cases.touch();
    crews.settle();
  };
  return {
    wear: async (colours) => {
      hall.colours = colours;
      for (const [name, colour] of Object.entries(colours)) {
        document.documentElement.style.setProperty("--" + name.replaceAll("_", "-"), colour);
      }
      await hall.fonts();
      base.wear();
      redraw();
    },
    speak: (words) => {
      hall.words = words;
      tools.speak();
      redraw();
    },
    stale: (text) => tools.stale(text),
    show: (name, on) => {
      if (name === "crews") crews.shown = on;
      else if (name === "coverage") coverage.shown = on;
      else cases[name] = on;
      cover();
    },
    coverage: (powers, rows, power) => {
      coverage.take(powers, rows, power);
      cover();
    },
    power: (place) => {
      coverage.power = place;
      cover();
    },
    tip: (id, lines) => {
      const place = crews.hovered?.place;
      if (place && crewOf({place}) === id) tools.tip([...lines, ...others(place, crews)], crews.spotOf(id));
    },
    whole: () => base.whole(tools.covered),  // nothing that comes next is overtaken by a movement
    settle: async () => {
      await frame();
      await frame();
      hall.tell("drawn");
    },
    select: (slot, label, left, look) => {
      const {x, y, light, count} = cases.columns;
      const hasSpot = slot < count ? light[slot] < hall.LIGHTS : slot >= 0;
      crews.selected = hasSpot ? {slot, label, left} : null;
      crews.say();
      if (look && hasSpot && slot < count) bringIn(map, latlng(x[slot], y[slot]), tools);
      cases.touch();
    },
    left: (text) => crews.tellLeft(text),
    nearest: (rows) => {
      crews.near = new Map(rows.map(([id, , , way, also], at) => [id, {key: at + 1, way: also ? `${also} · ${way}` : way}]));
      crews.callout.offer(rows.map(([, name, status, way, also], at) => ({key: at + 1, name, status, way, also})));
      cases.touch();
    },
    crew: (id) => {
      crews.chosen = id;
      const crew = crews.crews.get(id);
      if (crew) bringIn(map, latlng(crew.x, crew.y), tools);
      crews.settle();
    },
    placing: (on) => {
      hall.shown.placing = on;
      point();
    },
  };
}

/** The zoom at which a place is seen with its grid and those around it. */
const PLACE_ZOOM = 14;

/** Look at a place: in the middle of what the line at the foot, and what covers its left side, leave of the map. */
function centre(map, place, zoom, foot, left = 0, how = {}) {
  map.setView(map.unproject(map.project(place, zoom).add([-left / 2, foot / 2]), zoom), zoom, how);
}

/** The zoom for the pin: close, but with the whole circle of 100 m in what is left free of the map. */
function pinZoom(map, unitY, foot, left) {
  const size = map.getSize(), room = Math.min(size.x - left, size.y - foot) / 2 - 24;
  const radius = (zoom) => 100 * hall.metre({scale: 256 * 2 ** zoom}, unitY);
  let zoom = Math.max(map.getZoom(), 16);
  while (zoom > 14 && radius(zoom) > room) zoom -= 1;
  return zoom;
}

/** What lies on the map. */
function dataVoice({map, cases, crews, base, tools}) {
  let before = null;  // where the map stood before the pin
  const changed = () => {
    tools.wear(cases.columns.census());
    crews.say();
    cases.touch();
    crews.settle();
  };
  return {
    places: async (path) => {
      const first = base.home === null;
      base.take(await (await fetch(path)).json());
      tools.bare(base.bareName, cases.columns.census());
      if (first) base.whole(tools.covered);
      else base.fit(tools.covered);
      cases.touch();
      crews.settle();
    },
    cases: async (path) => {
      cases.columns.load(await (await fetch(path)).arrayBuffer());
      changed();
    },
    change: (text) => {
      cases.columns.change(bytes(text).buffer);
      changed();
    },
    mask: (text, length) => {
      cases.columns.filter(text === null ? null : bytes(text), length);
      changed();
    },
    crews: (rows) => crews.take(rows.map(([id, name, lon, lat, status, note, old]) => {
      const [x, y] = hall.unit(lon, lat);
      return {id, name, x, y, status, note, old};
    })),
    near: (lon, lat) => centre(map, [lat, lon], Math.max(map.getZoom(), PLACE_ZOOM), tools.foot, 0, {animate: false}),
    likely: (rows) => {
      crews.likely = rows.map(([slot, number]) => ({slot, number}));
      crews.settle();
    },
    pin: (lon, lat, left = 0) => {
      const [x, y] = lon === null ? [] : hall.unit(lon, lat);
      if (lon !== null && !crews.pin) before = {centre: map.getCenter(), zoom: map.getZoom(), isWhole: base.isWhole};
      crews.pin = lon === null ? null : {x, y};
      if (lon !== null) centre(map, [lat, lon], pinZoom(map, y, tools.foot, left), tools.foot, left);
      else if (before?.isWhole) base.whole(tools.covered);
      else if (before) map.setView(before.centre, before.zoom);  // the hall looks at what it looked at before
      if (lon === null) before = null;
      cases.touch();
    },
  };
}

/** The bundled font must be there before a name is measured; without it the machine's own is used. */
hall.fonts = () => Promise.race([
  Promise.all([document.fonts.load('400 12px "Hall Sans"', "图"), document.fonts.load('700 12px "Hall Digits"', "0")]),
  new Promise((go) => setTimeout(go, 800)),
]).catch(() => undefined);
