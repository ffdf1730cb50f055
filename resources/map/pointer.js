/** Pointer and keys on the map: what is under the pointer, what a click means, and how far the map moves for it. */
"use strict";

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
    const met = crews.under(event.containerPoint);
    if (met) pickCrew(shown, met);
    else pick(shown, cases.under(event.containerPoint));
  });
  map.on("mousemove", (event) => {
    const met = crews.under(event.containerPoint);
    hover(shown, met ? {place: met} : cases.under(event.containerPoint));
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
  map.on("resize", () => shown.base.fit(shown.tools.covered));
}

/** Something is under the pointer, or nothing any more; the console is told of a crew, and says what there is to say. */
function hover({crews, tools}, over) {
  if (!over && !crews.hovered) return;
  const before = crewOf(crews.hovered), now = crewOf(over);
  crews.hovered = over;
  point(over);
  crews.touch();
  if (now === before) return;
  if (now === undefined) tools.tip([], null);
  hall.tell("over", now ?? -1);
}

/** The number of the crew that is meant by what lies under the pointer; none for a case. */
const crewOf = (over) => over?.place?.crews[0].id;

/** A case is picked; a mark is opened, or where the map cannot go nearer one of its cases is picked. */
function pick(shown, under) {
  if (!under) return;
  if (under.slot !== undefined) return hall.tell("picked", under.slot);
  if (!opens(shown, shown.cases.spread(under.mark))) hall.tell("picked", shown.cases.one(under.mark));
}

/** A crew is picked; several at one place are opened, or where the map cannot go nearer picked one after the other. */
function pickCrew(shown, {crews}) {
  if (crews.length > 1 && opens(shown, shown.crews.spread({crews}))) return;
  const at = crews.findIndex(({id}) => id === shown.crews.chosen);
  hall.tell("crew", crews[(at + 1) % crews.length].id);
}

/** Go nearer to what lies within these corners; false where the map cannot. */
function opens({map, tools}, {west, north, east, south}) {
  if (map.getZoom() >= map.getMaxZoom()) return false;
  const bounds = L.latLngBounds(latlng(west, north), latlng(east, south));
  const zoom = map.getBoundsZoom(bounds, false, L.point(60, 60 + 2 * tools.foot));
  map.setView(bounds.getCenter(), Math.min(map.getMaxZoom(), Math.max(zoom, map.getZoom() + 1)));
  return true;
}

function latlng(x, y) {
  return L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, x * 360 - 180);
}

/** The names of those who are with the first crew at a place. */
function others({crews: [, ...more]}, {crews}) {
  return more.length ? [more.map(({id}) => crews.get(id)?.name).filter(Boolean).join(hall.words.comma)] : [];
}

/** Move the map as far as it takes to show a place, and not at all if it is in sight. */
function bringIn(map, place, {foot}) {
  const {x, y} = map.latLngToContainerPoint(place), size = map.getSize();
  if (x >= 8 && y >= 8 && x <= size.x - 8 && y <= size.y - foot - 8) return;
  map.panInside(place, {paddingTopLeft: [80, 80], paddingBottomRight: [80, 80 + foot]});
}
