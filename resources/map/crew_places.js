/** Where crews stand: those near the chosen case where they are, with their keys beside them, the others as one mark where several are together. */
"use strict";

/** So near, in pixels, crews stand together as one mark; so far a mark steps aside, and looks for another to join. */
const TOGETHER = 15, CREW_ASIDE = hall.around(36, 6), WAY_ASIDE = hall.around(42, 6), KEY_ASIDE = hall.around(60, 6), JOIN = 44;
/** What a key takes, in pixels each way, and how wide it is with a way beside it. */
const KEY = 18;
hall.keyWidth = (way) => KEY + (way ? hall.textWidth(way, 12) + 4 : 0);
/** What the mark of a crew takes, in pixels each way. */
hall.CREW = 17;
/** Farther than this from where it is, in pixels, a crew is led to its mark by a line. */
const CREW_LED = 20;

/**
 * Places for crews {id, status, x, y} in world pixels, the most important first: [{crews, key, dx, dy, w, ...}], where `dx` and `dy`
 * lead from the first crew to its shape, or to its key. `keys` are those of the crews near the chosen case, which is at `from` (null
 * without one), by id; `alone` is never stacked.
 * `before` are the former places by the id of their first crew: nobody steps aside anew without need.
 */
hall.crewPlaces = (crews, {keys, from, alone, before, taken}) => {
  const {keyed, stacks} = stacked(crews, keys, alone), places = [], ways = new hall.Boxes(taken);
  for (const crew of keyed) taken.add({x: crew.x, y: crew.y, w: hall.CREW, h: hall.CREW});
  for (const crew of from ? keyed : []) ways.addLine(from, crew);
  for (const crew of keyed) places.push(keyPlace(crew, keys.get(crew.id), taken, ways));
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
  const [{x, y}] = stack, more = hall.stackWidth(stack.length), box = {x: x + more / 2, y, w: hall.CREW + more, h: hall.CREW};
  const isClear = (dx, dy) => !hall.isLed({dx, dy}) || !taken.crossed({x, y}, {x: x + dx, y: y + dy});
  const found = hall.freeBox(box, before ? [[before.dx, before.dy], ...CREW_ASIDE] : CREW_ASIDE, taken, isClear);
  return found && {crews: stack, key: 0, dx: found.x - box.x, dy: found.y - box.y, box: found};
}

/** The chosen crew is shown where it is, whatever lies there. */
function stay(stack, alone) {
  const [{id, x, y}] = stack;
  return id === alone ? {crews: stack, key: 0, dx: 0, dy: 0, box: {x, y, w: hall.CREW, h: hall.CREW}} : null;
}

/**
 * The key of a crew beside its mark, with its way to the right or to the left of it: on no way of another crew and its line through
 * nothing, if that can be; without its way where neither side has room near it, and where all is taken on what matters least.
 */
function keyPlace(crew, key, taken, ways) {
  const {x, y} = crew, wide = hall.keyWidth(crew.way) - KEY, alone = {x, y, w: KEY, h: KEY};
  const found = wide ? seek(ways) || seek(taken) : null;
  const {side, box} = found || {side: 0, box: hall.freeBox(alone, KEY_ASIDE, taken, isClear) || hall.leastBox(alone, KEY_ASIDE, taken)};
  const lean = side * wide / 2, place = {crews: [crew], key, side, lean, dx: box.x - lean - x, dy: box.y - y, box};
  taken.add(box);
  if (hall.isLed(place)) taken.addLine(crew, {x: x + place.dx, y: y + place.dy});
  return place;

  function seek(room) {
    for (const [dx, dy] of WAY_ASIDE) {
      for (const side of [1, -1]) {
        const box = {x: x + dx + side * wide / 2, y: y + dy, w: KEY + wide, h: KEY};
        if (!room.hit(box) && isClear(dx, dy)) return {side, box};
      }
    }
    return null;
  }

  function isClear(dx, dy) {
    return !hall.isLed({dx, dy}) || !taken.crossed(crew, {x: x + dx, y: y + dy});
  }
}
