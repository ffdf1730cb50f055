/** Where crews stand: those near the chosen case by their keys, the others as one mark where several are together. */
"use strict";

/** So near, in pixels, crews stand together as one mark; so far a mark steps aside, and looks for another to join. */
const TOGETHER = 15, CREW_ASIDE = hall.around(36, 6), KEY_ASIDE = hall.around(60, 6), JOIN = 44;
/** Farther than this from where it is, in pixels, a crew is led to its mark by a line. */
const CREW_LED = 20;

/**
 * Places for crews {id, status, x, y} in world pixels, the most important first: [{crews, key, dx, dy, w, ...}], where `dx` and `dy`
 * lead from the first crew to its shape. `keys` are those of the crews near the chosen case, by id; `alone` is never stacked.
 * `before` are the former places by the id of their first crew: nobody steps aside anew without need.
 */
hall.crewPlaces = (crews, {keys, alone, before, taken}) => {
  const {keyed, stacks} = stacked(crews, keys, alone), places = [];
  for (const crew of keyed) places.push(keyPlace(crew, keys.get(crew.id), taken));
  for (const stack of stacks) {
    const first = stack[0], place = crewPlace(stack, before.get(first.id), taken) || stay(stack, alone);
    if (!place) joinNearest(places, stack, taken);
    if (!place) continue;
    taken.add(place.box);
    if (hall.isLed(place)) taken.addLine(first, {x: first.x + place.dx, y: first.y + place.dy});
    places.push(place);
  }
  return places;
};

/** Crews without room join the next mark, if that has room for their number; else they are shown when one looks nearer. */
function joinNearest(places, stack, taken) {
  const [{x, y}] = stack, isNear = ({box}) => Math.hypot(box.x - x, box.y - y) < JOIN;
  const other = places.find((place) => !place.key && isNear(place) && (place.crews.length > 1 || !taken.hit(more(place))));
  if (!other) return;
  if (other.crews.length === 1) taken.add(more(other));
  other.crews.push(...stack);

  function more({box}) {
    const wide = hall.stackWidth(9);
    return {x: box.x + 9 + wide / 2, y: box.y, w: wide - 1, h: 13};
  }
}

/** Does a line lead from the first crew to its mark? */
hall.isLed = (place) => Math.hypot(place.dx, place.dy) > CREW_LED;

function stacked(crews, keys, alone) {
  const keyed = [], stacks = [];
  for (const crew of [...crews].sort(byImportance)) {
    if (keys.has(crew.id)) keyed.push(crew);
    else join(stacks, crew, alone);
  }
  return {keyed: keyed.sort((a, b) => keys.get(a.id) - keys.get(b.id)), stacks};

  function join(stacks, crew, alone) {
    const with_ = crew.id === alone ? null : stacks.find(([first]) => first.id !== alone && Math.hypot(first.x - crew.x, first.y - crew.y) < TOGETHER);
    if (with_) with_.push(crew);
    else stacks.push([crew]);
  }
}

/** Who does something comes before who waits, and else it is always the same order. */
function byImportance(a, b) {
  return (b.status > 1) - (a.status > 1) || b.status - a.status || a.id - b.id;
}

function crewPlace(stack, before, taken) {
  const [{x, y}] = stack, more = hall.stackWidth(stack.length), box = {x: x + more / 2, y, w: 17 + more, h: 17};
  const isClear = (dx, dy) => !hall.isLed({dx, dy}) || !taken.crossed({x, y}, {x: x + dx, y: y + dy});
  const found = hall.freeBox(box, before ? [[before.dx, before.dy], ...CREW_ASIDE] : CREW_ASIDE, taken, isClear);
  return found && {crews: stack, key: 0, dx: found.x - box.x, dy: found.y - box.y, box: found};
}

/** The chosen crew is shown where it is, whatever lies there. */
function stay(stack, alone) {
  const [{id, x, y}] = stack;
  return id === alone ? {crews: stack, key: 0, dx: 0, dy: 0, box: {x, y, w: 17, h: 17}} : null;
}

/** The key of a crew with its way to the right or to the left of it, or without where neither has room. */
function keyPlace(crew, key, taken) {
  const {x, y, way} = crew, wide = way ? hall.textWidth(way, 12) + 4 : 0, key_ = {x, y, w: 18, h: 18};
  const right = {...key_, x: x + wide / 2, w: 18 + wide}, left = {...key_, x: x - wide / 2, w: 18 + wide};
  for (const [dx, dy] of KEY_ASIDE) {
    for (const [side, box] of wide ? [[1, right], [-1, left]] : []) {
      const moved = {...box, x: box.x + dx, y: box.y + dy};
      if (!taken.hit(moved)) return keep(moved, side);
    }
  }
  return keep(hall.freeBox(key_, KEY_ASIDE, taken) || key_, 0);

  function keep(box, side) {
    taken.add(box);
    return {crews: [crew], key, side, dx: box.x - side * wide / 2 - x, dy: box.y - y, box};
  }
}
