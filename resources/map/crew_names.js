/** What is written beside crews: a plate with name and case where there is room, and the way to the chosen case. */
"use strict";

/** On which side the plate of each crew stands, {dx, dy} by its id, the most important first: the side it had, else a free one. */
hall.crewSides = (places, {known, before, taken, all, chosen}) => {
  const sides = new Map();
  for (const {crews, key, box} of places) {
    const [{id}] = crews;
    if (crews.length > 1 || key || !(all || id === chosen)) continue;
    const side = freeSide(box, plateWidth(known.get(id)), before.get(id), taken);
    if (side) sides.set(id, side);
  }
  return sides;
};

/** The name of a crew for which there was no room: over what lies there, for as long as somebody looks at it. */
hall.besideCrew = (crew) => ({dx: plateWidth(crew) / 2 + 12, dy: 0});

hall.crewChip = (pen, crew, x, y) => {
  const w = plateWidth(crew);
  hall.stamp(pen, hall.sprite(`chip${crew.name}\n${crew.note}`, w + 4, 22, (to) => {
    hall.plate(to, -w / 2, -9, w, 18, 3, hall.colours.bg1, hall.colours.ln2);
    to.font = hall.font(12, false);
    to.fillStyle = hall.colours.tx1;
    to.fillText(crew.name, -w / 2 + 6, 4);
    to.fillStyle = hall.colours.tx2;
    if (crew.note) to.fillText(crew.note, -w / 2 + 11 + hall.textWidth(crew.name, 12), 4);
  }), Math.round(x), Math.round(y));
};

/** The way of a crew to the chosen case, to the right (1) or to the left (-1) of a spot. */
hall.wayText = (pen, text, x, y, side) => {
  const {map_halo: halo, ac: ink} = hall.colours;
  hall.haloed(pen, text, x, y + 4, {size: 12, halo, ink, align: side > 0 ? "left" : "right"});
};

function plateWidth(crew) {
  return hall.textWidth(crew.name, 12) + (crew.note ? hall.textWidth(crew.note, 12) + 5 : 0) + 12;
}

/** Right, left, below, above: the side it had, else the first with room. */
function freeSide({x, y}, w, before, taken) {
  const sides = [{dx: w / 2 + 10, dy: 0}, {dx: -w / 2 - 10, dy: 0}, {dx: 0, dy: 19}, {dx: 0, dy: -19}];
  if (before) sides.unshift({dx: Math.sign(before.dx) * (before.dx ? w / 2 + 10 : 0), dy: before.dy});
  for (const side of sides) {
    const box = {x: x + side.dx, y: y + side.dy, w: w + 2, h: 20};
    if (taken.hit(box)) continue;
    taken.add(box);
    return side;
  }
  return null;
}
