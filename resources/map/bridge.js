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
  cases.options = {pane: "cases"};
  crews.options = {pane: "crews"};
  const coverage = new hall.Coverage(base, names);
  const shown = {map, names, cases, crews, base, coverage, placing: false};
  cases.addTo(map);
  crews.addTo(map);
  shown.tools = new hall.Tools(map, acts(shown));
  hall.shown = shown;
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
    nearer: () => map.zoomIn(),
    farther: () => map.zoomOut(),
    power: (place) => {
      hall.tell("power", place);
      hall.voice.power(place);
    },
  };
}

/** The pointer says whether a click would set, measure or pick. */
function point(over = null) {
  const {map, placing, crews} = hall.shown;
  map.getContainer().style.cursor = placing || crews.measure ? "crosshair" : over ? "pointer" : "";
}

/** Pointer and keys. */
function listen(shown) {
  const {map, cases, crews} = shown;
  const place = ({latlng}) => hall.tell("placed", latlng.lng.toFixed(7), latlng.lat.toFixed(7));
  map.on("contextmenu", place);
  map.on("click", (event) => {
    if (shown.placing) return place(event);
    if (crews.measure) {
      crews.measure.add(event.latlng);
      return crews.touch();
    }
    const crew = crews.under(event.containerPoint);
    if (crew) hall.tell("crew", crew.id);
    else pick(shown, cases.under(event.containerPoint));
  });
  map.on("mousemove", (event) => {
    const crew = crews.under(event.containerPoint), over = crew ? {crew} : cases.under(event.containerPoint);
    hover(shown, over);
  });
  map.on("mouseout movestart", () => hover(shown, null));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && crews.measure) acts(shown).measure(false);
    else if (event.key === "Escape") shown.tools.shut();
    if (event.key === "Home") shown.base.whole(shown.tools.covered);
  });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key !== "+") return;
    map.zoomIn();  // Leaflet takes the shift key that a plus needs for "three at once"
    event.stopPropagation();
  }, true);
  map.on("move", () => shown.base.reach());
}

/** Something is under the pointer, or nothing any more; the console is told of a crew, and says what there is to say. */
function hover({crews, tools}, over) {
  if (!over && !crews.hovered) return;
  const before = crews.hovered?.crew?.id, now = over?.crew?.id;
  crews.hovered = over;
  point(over);
  crews.touch();
  if (now === before) return;
  if (now === undefined) tools.tip([], null);
  hall.tell("over", now ?? -1);
}

/** A case is picked; a mark is opened, or where the map cannot go nearer its worst case is picked. */
function pick({map, cases, tools}, under) {
  if (!under) return;
  if (under.slot !== undefined) return hall.tell("picked", under.slot);
  const {west, north, east, south} = cases.spread(under.mark);
  const bounds = L.latLngBounds(latlng(west, north), latlng(east, south));
  const zoom = map.getBoundsZoom(bounds, false, L.point(60, 60 + 2 * tools.foot));
  if (map.getZoom() >= map.getMaxZoom()) hall.tell("picked", cases.worst(under.mark));
  else map.setView(bounds.getCenter(), Math.min(map.getMaxZoom(), Math.max(zoom, map.getZoom() + 1)));
}

function latlng(x, y) {
  return L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, x * 360 - 180);
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
    names.refresh();
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
      if (crews.hovered?.crew?.id === id) tools.tip(lines, crews.spotOf(id));
    },
    whole: () => base.whole(tools.covered, false),  // nothing that comes next is overtaken by a movement
    settle: async () => {
      await frame();
      await frame();
      hall.tell("drawn");
    },
    select: (slot, label, left) => {
      const {x, y, light, count} = cases.columns;
      const hasSpot = slot < count ? light[slot] < hall.LIGHTS : slot >= 0;
      crews.selected = hasSpot ? {slot, label, left} : null;
      if (hasSpot && slot < count) {
        map.panInside(latlng(x[slot], y[slot]), {paddingTopLeft: [120, 110], paddingBottomRight: [120, 60 + tools.foot]});
      }
      crews.settle();
    },
    crew: (id) => {
      crews.chosen = id;
      const crew = crews.crews.get(id);
      if (crew) map.panInside(latlng(crew.x, crew.y), {paddingTopLeft: [60, 60], paddingBottomRight: [60, 60 + tools.foot]});
      crews.touch();
    },
    placing: (on) => {
      hall.shown.placing = on;
      point();
    },
  };
}

/** The zoom at which a place is seen with its grid and those around it. */
const PLACE_ZOOM = 14;

/** Look at a place: in the middle of what the line at the foot leaves of the map. */
function centre(map, place, zoom, foot, how = {}) {
  map.setView(map.unproject(map.project(place, zoom).add([0, foot / 2]), zoom), zoom, how);
}

/** What lies on the map. */
function dataVoice({map, cases, crews, base, tools}) {
  let before = null;  // where the map stood before the pin
  const changed = () => {
    tools.wear(cases.columns.census());
    cases.touch();
    crews.settle();
  };
  return {
    places: async (path) => {
      const first = base.home === null;
      base.take(await (await fetch(path)).json());
      tools.bare(base.bareName, cases.columns.census());
      if (first) base.whole(tools.covered, false);
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
    near: (lon, lat) => centre(map, [lat, lon], Math.max(map.getZoom(), PLACE_ZOOM), tools.foot, {animate: false}),
    pin: (lon, lat) => {
      const [x, y] = lon === null ? [] : hall.unit(lon, lat);
      if (lon !== null && !crews.pin) before = {centre: map.getCenter(), zoom: map.getZoom()};
      crews.pin = lon === null ? null : {x, y};
      if (lon !== null) centre(map, [lat, lon], Math.max(map.getZoom(), 16), tools.foot);
      else if (before) map.setView(before.centre, before.zoom);  // the hall looks at what it looked at before
      if (lon === null) before = null;
      crews.touch();
    },
  };
}

/** The bundled font must be there before a name is measured; without it the machine's own is used. */
hall.fonts = () => Promise.race([
  Promise.all([document.fonts.load('400 12px "Hall Sans"', "图"), document.fonts.load('700 12px "Hall Digits"', "0")]),
  new Promise((go) => setTimeout(go, 800)),
]).catch(() => undefined);
