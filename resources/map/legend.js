/** What the marks mean, at the foot of the map: a line for cases, one for crews. */
"use strict";

/** The lights of the legend, the loudest first, and the crews' states that are shown at any zoom. */
const CASE_ITEMS = [["overdue", hall.LIGHT.OVERDUE], ["soon", hall.LIGHT.SOON], ["paused", hall.LIGHT.PAUSED],
  ["on_time_count", hall.LIGHT.ON_TIME], ["unfiled", hall.LIGHT.UNFILED], ["ended", hall.LIGHT.ENDED]];
const CREW_ITEMS = [["dispatched", 2], ["en_route", 3], ["on_scene", 4], ["handling", 5], ["returning", 6]];
/** What is explained only while it is shown. What comes and goes keeps its room: another height would move all points of the map. */
const COMES = hall.LIGHT.UNFILED, RARE = hall.LIGHT.ENDED;
/** How wide the pictures of a number, and of a mark with one, are. */
const NUMBER = 23, STACK = 33;

hall.Legend = class {
  /** Adds its lines to `foot`; `say(node, word)` keeps a node in the language. */
  constructor(foot, say) {
    this._say = say;
    const cases = this._row(foot, "cases"), crews = this._row(foot, "crews");
    this._cases = CASE_ITEMS.map(([word, light]) => ({light, ...this._item(cases, word)}));
    this._crews = CREW_ITEMS.map(([word, status]) => ({status, ...this._item(crews, word)}));
    this._stack = this._item(crews, "stack");
    this._idle = this._item(crews, "idle_far");
  }

  /** Draw the shapes anew, of the lights that cases wear. */
  wear(census) {
    for (const {item, canvas, light} of this._cases) {
      item.hidden = light === RARE && census[light] === 0;
      item.style.visibility = light === COMES && census[light] === 0 ? "hidden" : "";
      if (light === hall.LIGHT.ON_TIME) hall.paintOn(canvas, numbers, NUMBER);
      else if (light === hall.LIGHT.UNFILED) hall.paintOn(canvas, (pen) => hall.stamp(pen, hall.markSprite(light, 2), 8, 8), STACK);
      else hall.paintOn(canvas, (pen) => hall.stamp(pen, hall.lightSprite(light), 8, 8));
    }
    for (const {canvas, status} of [...this._crews, {...this._idle, status: 1}]) {
      hall.paintOn(canvas, (pen) => hall.stamp(pen, hall.crewSprite(status, false), 9, 9), 18, 18);
    }
    hall.paintOn(this._stack.canvas, (pen) => hall.stamp(pen, hall.stackSprite(3), 1, 9), 18, 18);
  }

  _row(foot, word) {
    const row = document.createElement("div"), title = this._say(document.createElement("span"), word);
    row.className = "hall-legend";
    row.append(title);
    foot.append(row);
    return row;
  }

  _item(row, word) {
    const item = document.createElement("span"), canvas = document.createElement("canvas");
    item.append(canvas, this._say(document.createElement("span"), word));
    row.append(item);
    return {item, canvas};
  }
};

/** One case on time is a dot, some are a number. */
function numbers(pen) {
  hall.stamp(pen, hall.markSprite(hall.LIGHT.ON_TIME, 1), 3, 8);
  hall.stamp(pen, hall.markSprite(hall.LIGHT.ON_TIME, 12), 15, 8);
}
