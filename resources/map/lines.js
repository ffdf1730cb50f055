/** Lines that lead from a spot to what is said of it: names interrupt them. */
"use strict";

/** The parts {from, to} of a line between two spots outside the boxes; without those shorter than `least` pixels, if it is interrupted. */
hall.parts = (from, to, boxes, least = 0) => {
  const far = Math.hypot(to.x - from.x, to.y - from.y), cuts = boxes.map((box) => within(from, to, box)).filter(Boolean), parts = [];
  const spot = (share) => ({x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share});
  let at = 0;
  for (const [start, end] of [...cuts.sort(([one], [other]) => one - other), [1, 1]]) {
    if (start > at && (!cuts.length || (start - at) * far >= least)) parts.push({from: spot(at), to: spot(start)});
    at = Math.max(at, end);
  }
  return parts;
};

/** Does a line between two spots run through a box? */
hall.runsThrough = ({from, to}, box) => within(from, to, box) !== null;

/** The path of the parts of a line, from world pixels to those of a view. */
hall.trace = (pen, {left, top}, parts) => {
  pen.beginPath();
  for (const {from, to} of parts) {
    pen.moveTo(from.x - left, from.y - top);
    pen.lineTo(to.x - left, to.y - top);
  }
};

/** A line from where something is to where its mark had room, both in world pixels, interrupted by the boxes of names. */
hall.lead = (pen, view, from, to, names, colour = hall.colours.ln3) => {
  const parts = hall.parts(from, to, names);
  hall.trace(pen, view, parts);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.stroke();
  if (parts[0]?.from.x !== from.x || parts[0].from.y !== from.y) return; // it lies under a name
  pen.beginPath();
  pen.arc(from.x - view.left, from.y - view.top, 1.5, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
};

/** From which share of a line to which it runs within a box, [from, to]; null where it does not. */
function within(from, to, {x, y, w, h}) {
  let [first, last] = [0, 1];
  for (const [at, way, middle, wide] of [[from.x, to.x - from.x, x, w], [from.y, to.y - from.y, y, h]]) {
    if (way === 0 && Math.abs(middle - at) * 2 >= wide) return null;
    if (way === 0) continue;
    const shares = [(middle - wide / 2 - at) / way, (middle + wide / 2 - at) / way];
    first = Math.max(first, Math.min(...shares));
    last = Math.min(last, Math.max(...shares));
  }
  return first < last ? [first, last] : null;
}
