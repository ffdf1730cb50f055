/** A Leaflet layer that is one canvas: it knows which part of the world it shows and redraws at most once a frame. */
"use strict";
window.hall = window.hall || {};

/**
 * What a canvas shows: world pixels at this zoom, the canvas being `edge` pixels larger than the map on each side:
 * a drag carries it along, and it is drawn anew before less than `spare` of that is left.
 * @typedef {{scale: number, zoom: number, left: number, top: number, width: number, height: number}} View
 */
hall.CanvasLayer = L.Layer.extend({
  edge: 96,
  spare: 24,

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "hall-canvas leaflet-zoom-animated", this.getPane());
    this._pen = this._canvas.getContext("2d");
    this._frame = 0;
    this.place();
    this.touch();
  },

  onRemove() {
    cancelAnimationFrame(this._frame);
    this._canvas.remove();
  },

  getEvents() {
    return {move: this.drag, moveend: this.settle, zoomend: this.settle, resize: this.touch, zoomanim: this._follow};
  },

  /** Ask for a redraw at the next animation frame; asking again before it costs nothing. */
  touch() {
    if (this._frame) return;
    this._frame = requestAnimationFrame(() => {
      this._frame = 0;
      this.redraw();
    });
  },

  /** The map moves, and the canvas with it: there is something to draw only where its rim comes near. */
  drag() {
    const {x, y} = this.world([0, 0]).subtract([this.view.left, this.view.top]);
    const least = this.spare, most = 2 * this.edge - this.spare, outside = (at) => at < least || at > most;
    if (this.view.zoom !== this._map.getZoom() || outside(x) || outside(y)) this.touch();
  },

  /** Where a point of the map lies in world pixels, wherever a drag has carried the canvas. */
  world(point) {
    return this._map.containerPointToLayerPoint(point).add(this._map.getPixelOrigin());
  },

  /** What lies over the map: tools, notes, the foot and the scale, as boxes in world pixels. */
  covers() {
    const {x, y} = this.world([0, 0]), over = document.querySelectorAll(
      ".hall-tools, .hall-zoom, .hall-stale:not([hidden]), .hall-bare:not([hidden]), .hall-foot, .leaflet-control-scale");
    return [...over].map((node) => node.getBoundingClientRect()).map(({left, top, width: w, height: h}) =>
      ({x: x + left + w / 2, y: y + top + h / 2, w: w + 8, h: h + 8, weight: 100}));
  },

  /** The edges of the map's window, as boxes in world pixels: no name is cut by them. */
  rims() {
    const {x, y} = this.world([0, 0]), {x: w, y: h} = this._map.getSize(), across = {x: x + w / 2, w, h: 2}, down = {y: y + h / 2, w: 2, h};
    return [{...across, y}, {...across, y: y + h}, {...down, x}, {...down, x: x + w}];
  },

  /** The map came to rest; layers with a layout of their own override this. */
  settle() {
    this.touch();
  },

  /** A layer with nothing to draw holds no pixels. */
  isEmpty() {
    return false;
  },

  /** Redraw now: put the canvas back over the map, then let the layer draw. */
  redraw() {
    if (!this._map || this._map._animatingZoom) return;
    this.place();
    const ratio = window.devicePixelRatio || 1;
    this._pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this._pen.clearRect(0, 0, this.view.width, this.view.height);
    this.draw(this._pen, this.view);
  },

  /** Size and place the canvas over the map and note what it shows. */
  place() {
    const size = this._map.getSize();
    const ratio = window.devicePixelRatio || 1;
    const width = size.x + 2 * this.edge, height = size.y + 2 * this.edge, {_canvas: canvas} = this;
    const [wide, high] = this.isEmpty() ? [1, 1] : [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
      canvas.style.width = wide / ratio + "px";
      canvas.style.height = high / ratio + "px";
    }
    const corner = this._map.containerPointToLayerPoint([-this.edge, -this.edge]).round();
    L.DomUtil.setPosition(this._canvas, corner);
    this._corner = this._map.layerPointToLatLng(corner);
    const zoom = this._map.getZoom(), origin = this._map.getPixelOrigin();
    this.view = {scale: 256 * 2 ** zoom, zoom, left: origin.x + corner.x, top: origin.y + corner.y, width, height};
  },

  /** During a zoom the old picture is scaled; the new one comes at its end. */
  _follow(event) {
    const scale = this._map.getZoomScale(event.zoom, this.view.zoom);
    const offset = this._map._latLngBoundsToNewLayerBounds(L.latLngBounds(this._corner, this._corner), event.zoom, event.center).min;
    L.DomUtil.setTransform(this._canvas, offset, scale);
  },
});

/** Mercator unit square from degrees: the page's own places come in degrees, cases come projected. */
hall.unit = (lon, lat) => {
  const sine = Math.sin(lat * Math.PI / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};
