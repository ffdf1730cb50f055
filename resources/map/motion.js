/** How crews move between two reports: straight on, over at most the time between them, and painted where it is seen. */
"use strict";

/** No move lasts longer than this, however long a crew was silent before it, in milliseconds. */
const LONGEST = 10000;
/** Steps of a move are one pixel apart, but no nearer in time than this, in milliseconds. */
const SHORTEST_STEP = 33;
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The crew as reported at `now`, on its way from where `old` is seen; the report before it was that of `old`. */
hall.reported = (old, crew, now) => {
  if (!old) return {...crew, fromX: crew.x, fromY: crew.y, heard: now, span: 0};
  if (old.x === crew.x && old.y === crew.y) return {...old, ...crew};
  const at = hall.whereabouts(old, now), span = STILL ? 0 : Math.min(LONGEST, now - old.heard);
  return {...old, ...crew, fromX: at.x, fromY: at.y, heard: now, span};
};

/** Where a crew is seen at `now`, in the mercator unit square: {x, y}. */
hall.whereabouts = (crew, now) => {
  const part = crew.span > 0 ? Math.min(1, (now - crew.heard) / crew.span) : 1;
  return {x: crew.fromX + (crew.x - crew.fromX) * part, y: crew.fromY + (crew.y - crew.fromY) * part};
};

/** Milliseconds until one of the crews is a pixel from where it was painted last; Infinity while none will be. */
hall.nextStep = (crews, scale, now) => {
  let wait = Infinity;
  for (const crew of crews) {
    const {x: seenX, y: seenY} = crew.painted || hall.whereabouts(crew, now);
    if (Math.hypot(crew.x - seenX, crew.y - seenY) * scale < 1) continue;
    const pixels = Math.hypot(crew.x - crew.fromX, crew.y - crew.fromY) * scale;
    wait = Math.min(wait, Math.max(SHORTEST_STEP, crew.span / pixels));
  }
  return wait;
};
