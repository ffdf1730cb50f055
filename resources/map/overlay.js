/** Small things drawn above the map: plates with a border, the pin, the ruler. */
"use strict";

/** A rounded ground with a hairline border. */
hall.plate = (pen, x, y, w, h, radius, ground, border) => {
  pen.beginPath();
  pen.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, radius);
  pen.fillStyle = ground;
  pen.fill();
  pen.strokeStyle = border;
  pen.lineWidth = 1;
  pen.stroke();
};

/** Pixels in a metre at this place and zoom. */
hall.metre = (view, unitY) => {
  const latitude = Math.atan(Math.sinh(Math.PI * (1 - 2 * unitY)));
  return view.scale / (2 * Math.PI * 6378137 * Math.cos(latitude));
};

/** The circle of 100 m round the pin is named where it is so large, in pixels, and so far above it. */
const NAMED = 34, ABOVE = 6;

/** The room of the intake pin and of the name of its circle, boxes in world pixels at this scale. */
hall.pinRoom = (scale, pin) => {
  const {x, y, r} = circleOf({scale, left: 0, top: 0}, pin);
  const name = {x, y: y - r - ABOVE - 4, w: hall.textWidth(hall.words.circle, 11) + 6, h: 16};
  return [{x, y: y - 16, w: 28, h: 40}, ...(r > NAMED ? [name] : [])];
};

/** The circle of 100 m round the intake pin, in which duplicates are looked for: below the cases that lie in it. */
hall.drawCircle = (pen, view, pin) => {
  const {x, y, r} = circleOf(view, pin);
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.globalAlpha = 0.16;
  pen.fillStyle = hall.colours.ac;
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = hall.colours.ac;
  pen.lineWidth = 1;
  pen.stroke();
};

/** The intake pin, and the name of its circle. */
hall.drawPin = (pen, view, pin) => {
  const {x, y, r} = circleOf(view, pin);
  if (r > NAMED) {
    hall.haloed(pen, hall.words.circle, x, y - r - ABOVE, {size: 11, halo: hall.colours.map_halo, ink: hall.colours.ac});
  }
  drop(pen, x, y);
};

function circleOf(view, pin) {
  return {x: pin.x * view.scale - view.left, y: pin.y * view.scale - view.top, r: 100 * hall.metre(view, pin.y)};
}

function drop(pen, x, y) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.bezierCurveTo(x - 4, y - 8, x - 11, y - 13, x - 11, y - 21);
  pen.arc(x, y - 21, 11, Math.PI, 0);
  pen.bezierCurveTo(x + 11, y - 13, x + 4, y - 8, x, y);
  for (const [token, wide] of [["map_halo", 5], ["ac", 2]]) { // the fill alone is faint on dark ground
    pen.strokeStyle = hall.colours[token];
    pen.lineWidth = wide;
    pen.stroke();
  }
  pen.fillStyle = hall.colours.acf;
  pen.fill();
  pen.beginPath();
  pen.arc(x, y - 21, 4, 0, 2 * Math.PI);
  pen.fillStyle = hall.colours.onac;
  pen.fill();
}

/** A path measured by clicks: its length is told at the last point. */
hall.Measure = class {
  constructor() {
    this.points = [];
  }

  add(latlng) {
    const [x, y] = hall.unit(latlng.lng, latlng.lat);
    const last = this.points[this.points.length - 1];
    this.points.push({x, y, latlng, length: last ? last.length + last.latlng.distanceTo(latlng) : 0});
  }

  draw(pen, view) {
    if (this.points.length === 0) return;
    const at = this.points.map((point) => [point.x * view.scale - view.left, point.y * view.scale - view.top]);
    pen.beginPath();
    at.forEach(([x, y], i) => i ? pen.lineTo(x, y) : pen.moveTo(x, y));
    pen.strokeStyle = hall.colours.ac;
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    pen.stroke();
    for (const [x, y] of at) {
      pen.beginPath();
      pen.arc(x, y, 3.5, 0, 2 * Math.PI);
      pen.fillStyle = hall.colours.bg1;
      pen.fill();
      pen.stroke();
    }
    const [x, y] = at[at.length - 1], text = distance(this.points[at.length - 1].length);
    const w = hall.textWidth(text, 12, true) + 14;
    hall.plate(pen, Math.round(x + 9), Math.round(y - 26), w, 20, 3, hall.colours.bg1, hall.colours.ac);
    pen.font = hall.font(12, true);
    pen.fillStyle = hall.colours.tx1;
    pen.fillText(text, Math.round(x + 16), Math.round(y - 12));
  }
};

function distance(metres) {
  return metres < 1000 ? Math.round(metres) + " m" : (metres / 1000).toFixed(2) + " km";
}
