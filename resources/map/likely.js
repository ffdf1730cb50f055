/** The likely duplicates of what is pinned: each has a plate with its own shape and number, and a line from there to its mark. */
"use strict";

/** The height of a plate, its room beside the number, from the next one, and from the pin's circle, in pixels. */
const LIKELY = {tall: 20, room: 30, apart: 6, away: 14};
const LIKELY_ASIDE = hall.around(144, 12);
/** The ring round the mark of such a case, in pixels. */
const LIKELY_RING = 8;

/**
 * Where the plates stand, [{slot, number, x, y, w, h, mark}] by their middle in world pixels: in a row below the pin's circle or near
 * that, so that none is taken for the pin's own, and as their marks lie from left to right. `mark` is where the case is drawn. `taken`
 * learns the plates.
 */
hall.likelyPlates = (likely, pin, cases, view, taken) => {
  const x = pin.x * view.scale, y = pin.y * view.scale, side = 200 * hall.metre(view, pin.y), room = new hall.Boxes(taken);
  for (const box of [...cases.rims(), {x, y, w: side, h: side + 2 * LIKELY.away}]) room.add(box);
  const found = likely.filter(({slot}) => cases.columns.light[slot] < hall.LIGHTS).map(({slot, number}) => (
    {slot, number, w: hall.textWidth(number, 12, true) + LIKELY.room, mark: cases.spotOf(slot, view.scale)}));
  found.sort((a, b) => a.mark.x - b.mark.x);
  let left = x - found.reduce((sum, {w}) => sum + w + LIKELY.apart, -LIKELY.apart) / 2;
  return found.map((one) => {
    const below = {...one, x: left + one.w / 2, y: y + side / 2 + LIKELY.away + LIKELY.tall / 2, h: LIKELY.tall};
    const plate = hall.freeBox(below, LIKELY_ASIDE, room) || below;
    taken.add(plate);
    left += one.w + LIKELY.apart;
    return plate;
  });
};

/** Draw the plates; `lights` are those of the cases by slot. */
hall.drawLikely = (pen, view, plates, lights) => {
  for (const plate of plates) lineTo(pen, view, plate);
  for (const {slot, number, x, y, w, h} of plates) {
    const left = Math.round(x - view.left - w / 2), top = Math.round(y - view.top - h / 2);
    hall.plate(pen, left, top, w, h, 3, hall.colours.bg1, hall.colours.ac);
    hall.stamp(pen, hall.lightSprite(lights[slot]), left + 12, top + h / 2);
    pen.font = hall.font(12, true);
    pen.fillStyle = hall.colours.tx1;
    pen.fillText(number, left + 22, top + 14);
  }
};

/** The ring round the mark of a case, and the line from there to its plate. */
function lineTo(pen, view, {x, y, mark}) {
  const far = Math.hypot(x - mark.x, y - mark.y) || 1, from = {x: mark.x - view.left, y: mark.y - view.top};
  pen.beginPath();
  pen.arc(from.x, from.y, LIKELY_RING, 0, 2 * Math.PI);
  pen.moveTo(from.x + (x - mark.x) * LIKELY_RING / far, from.y + (y - mark.y) * LIKELY_RING / far);
  pen.lineTo(x - view.left, y - view.top);
  pen.strokeStyle = hall.colours.ac;
  pen.lineWidth = 1.5;
  pen.stroke();
}
