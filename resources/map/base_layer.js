/** The ground: district, water, streets, grids and graticule, each one path drawn once a zoom by Leaflet's canvas. */
"use strict";

/** What the scale takes of the lower edge, in pixels. */
const SCALE = 26;
/** Metres round the middle of a street without an outline, and of a district of which no place is known. */
const STREET = 3000, NOWHERE = 20000;

hall.BaseLayer = class {
  constructor(map, names) {
    this._map = map;
    this._names = names;
    this._pen = L.canvas({padding: 0.15});
    this._on = {streets: true, grids: true, graticule: true};
    this._parts = {};
    this._areas = []; // a street each: {keys, area}
    this._shades = new Map();
    this._home = null;
    this.isWhole = true; // is the whole district in view, because nobody has moved the map?
    this._isFitting = false;
    map.on("movestart zoomstart", () => { if (!this._isFitting) this.isWhole = false; });
    this.bareName = null; // of the district, if it has no outlines
  }

  /**
   * Take GeoJSON collections {outline, streets, grids}, all of which may be empty; of kind "lake" in the outline is water.
   * `middles` are those of the streets, [lon, lat, name]: they show where a district lies that has no outlines.
   */
  take({outline, streets, grids, name, middles = []}) {
    for (const part of [...Object.values(this._parts), ...this._areas.map(({area}) => area)]) part.remove();
    const ground = outline.features.filter((feature) => feature.properties.kind !== "lake");
    const water = outline.features.filter((feature) => feature.properties.kind === "lake");
    const land = polygons(ground);
    const known = [streets.features, ground].find((some) => some.length), around = middles.map(square);
    const whole = L.latLngBounds(polygons(known || around).flat(2));
    this._home = whole.isValid() ? whole : null;
    this.bareName = known ? null : name;
    this._parts = {
      graticule: this._lines(graticule(this._home || L.latLng(this._map.options.center).toBounds(NOWHERE))),
      land: this._area(land),
      lake: this._area(polygons(water)),
      grids: this._lines(polygons(grids.features).flat()),
      streets: this._lines(polygons(streets.features).flat()),
      district: this._lines(land.flat()),
    };
    const areas = streets.features.length ? streets.features : around;
    this._areas = areas.map((street) => ({keys: keysOf(street), area: this._area(polygons([street]))}));
    this._names.take([
      ...named("lake", water, land), ...named("street", areas), ...named("grid", grids.features),
    ]);
    for (const name of Object.keys(this._parts)) this.show(name, this._on[name] !== false);
    this.wear();
    this._isFitting = true;
    this._map.setMaxBounds(known ? this._home.pad(1.5) : null);
    this._isFitting = false;
  }

  get home() {
    return this._home;
  }

  /** The whole district in view, above the `foot` pixels of the lower edge that are covered; else where every map begins. */
  whole(foot) {
    const {center, zoom} = this._map.options, animate = false;
    this._isFitting = true;
    if (!this._home) this._map.setView(center, zoom, {animate});
    else this._map.fitBounds(this._home, {paddingTopLeft: [14, 14], paddingBottomRight: [14, SCALE + foot], animate});
    this._isFitting = false;
    this.isWhole = true;
  }

  /** The map has another size: as long as nobody has moved it, the whole district stays in view. */
  fit(foot) {
    if (this.isWhole) this.whole(foot);
  }

  /** A long drag shows little bare ground: once a tenth of the view lies outside what was drawn, it is drawn anew. */
  reach() {
    const drawn = this._pen._bounds, map = this._map;
    if (!drawn || map._animatingZoom) return;
    const corner = map.containerPointToLayerPoint([0, 0]);
    const size = map.getSize(), rim = size.multiplyBy(0.1);
    if (!drawn.contains(L.bounds(corner.add(rim), corner.add(size).subtract(rim)))) this._pen._update();
  }

  show(name, on) {
    if (name in this._on) this._on[name] = on;
    const part = this._parts[name];
    if (!part) return;
    if (on) part.addTo(this._map);
    else part.remove();
    this._order();
  }

  isOn(name) {
    return this._on[name];
  }

  /** Put on the colours of the dress. */
  wear() {
    const colours = hall.colours;
    this._style("graticule", {color: colours.map_grid, weight: 1});
    this._style("land", {fillColor: colours.map_land, fillOpacity: 1, stroke: false, fill: true});
    this._style("lake", {fillColor: colours.map_lake, fillOpacity: 1, stroke: false, fill: true});
    this._style("grids", {color: colours.map_grid, weight: 1});
    this._style("streets", {color: colours.map_st, weight: 1});
    this._style("district", {color: colours.map_dist, weight: 1.5});
    this._shadeAll();
  }

  /** Shade the streets whose id or name is a key of `shades`, as strongly as it says, and bare all others. */
  shade(shades) {
    this._shades = shades;
    this._shadeAll();
  }

  _shadeAll() {
    const colour = hall.colours.badg;
    for (const {keys, area} of this._areas) {
      const strength = this._shades.get(keys.find((key) => this._shades.has(key)));
      if (strength === undefined) area.remove();
      else area.setStyle({fill: true, fillColor: colour, fillOpacity: strength, color: colour, weight: 1, opacity: 1}).addTo(this._map);
    }
    this._order();
  }

  _style(name, style) {
    if (this._parts[name]) this._parts[name].setStyle({opacity: 1, ...style});
  }

  _order() {
    const {graticule, land, lake, grids, streets, district} = this._parts, areas = this._areas.map(({area}) => area);
    for (const part of [graticule, land, lake, grids, streets, district, ...areas]) {
      if (part && this._map.hasLayer(part)) part.bringToFront();
    }
  }

  _lines(paths) {
    return L.polyline(paths, {renderer: this._pen, interactive: false, smoothFactor: 1, fill: false});
  }

  _area(paths) {
    return L.polygon(paths, {renderer: this._pen, interactive: false, smoothFactor: 1});
  }
};

/** A street of which only the middle is known, as a feature: its name is drawn there. */
function square([lon, lat, name]) {
  const bounds = L.latLng(lat, lon).toBounds(STREET), [west, south] = [bounds.getWest(), bounds.getSouth()];
  const [east, north] = [bounds.getEast(), bounds.getNorth()];
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return {properties: {name}, geometry: {type: "Polygon", coordinates: [ring]}};
}

/** By what a street is known: its id, if its outline has one, and its name. */
function keysOf({properties: {id, name}}) {
  return [id, name].filter((key) => key !== undefined).map(String);
}

/** Every polygon of the features as Leaflet rings [lat, lon]. */
function polygons(features) {
  return features.flatMap(({geometry}) => {
    const many = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
    return many.map((polygon) => polygon.map((ring) => ring.map(([lon, lat]) => [lat, lon])));
  });
}

/** Names with their rings in the mercator square; `land`, if there is any, bounds where a lake's may stand. */
function named(kind, features, land = null) {
  const frame = land && land.length && L.latLngBounds(land.flat(2)).pad(0.02);
  return features.map((feature) => ({
    kind, name: String(feature.properties.name ?? ""), keys: keysOf(feature),
    frame: frame && [...hall.unit(frame.getWest(), frame.getNorth()), ...hall.unit(frame.getEast(), frame.getSouth())],
    rings: polygons([feature]).flat().map((ring) => ring.map(([lat, lon]) => hall.unit(lon, lat))),
  }));
}

/** Lines every twentieth of a degree round the district. */
function graticule(bounds) {
  const around = bounds.pad(2), step = 0.05, lines = [];
  for (let lat = Math.ceil(around.getSouth() / step) * step; lat < around.getNorth(); lat += step) {
    lines.push([[lat, around.getWest()], [lat, around.getEast()]]);
  }
  for (let lon = Math.ceil(around.getWest() / step) * step; lon < around.getEast(); lon += step) {
    lines.push([[around.getSouth(), lon], [around.getNorth(), lon]]);
  }
  return lines;
}
