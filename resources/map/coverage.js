/** The layer 覆盖: streets shaded by how many of the watched powers have nobody there who can be sent. */
"use strict";

/** How strongly a street is shaded that lacks one power, two, three or more; and one in which the chosen power is missing. */
const SHADES = [0.08, 0.2, 0.36], ONE = 0.2;

hall.Coverage = class {
  /** `streets` is the layer of the ground into which streets are drawn, `names` says below each name what is missing. */
  constructor(ground, names) {
    this._ground = ground;
    this._names = names;
    this._streets = [];
    this.powers = [];
    this.power = -1; // which one is looked at, by its place; -1: all of them
    this.shown = false;
  }

  /** Take the powers by name, and which of them are missing where: [[street's id, its name, [places of powers]]]. */
  take(powers, rows, power) {
    this.powers = powers;
    this.power = power;
    this._streets = rows.map(([id, name, missing]) => ({id, name, missing}));
  }

  /** How many powers are missing at the worst place, of those that are looked at. */
  get worst() {
    return Math.max(0, ...this._lacking().map((street) => street.missing.length));
  }

  /** Shade the streets and write below their names, in the colours and the language of now. */
  lay() {
    const streets = this.shown ? this._lacking() : [], notes = new Map();
    for (const {id, name, missing} of streets) {
      const texts = [hall.words.lacking.replace("{powers}", () => missing.map((place) => this.powers[place]).join(hall.words.comma))];
      if (missing.length > 1) texts.push(hall.words.lacking_n.replace("{n}", missing.length));
      for (const key of [id, name]) notes.set(key, texts);
    }
    this._names.note(notes);
    this._ground.shade(new Map(streets.flatMap((street) => [[street.id, this._shade(street)], [street.name, this._shade(street)]])));
  }

  /** How strong the shade of a street with so many missing powers is. */
  static shade(count) {
    return SHADES[Math.min(count, SHADES.length) - 1];
  }

  _lacking() {
    const looked = (place) => this.power < 0 || place === this.power;
    return this._streets.map((street) => ({...street, missing: street.missing.filter(looked)})).filter(({missing}) => missing.length);
  }

  _shade({missing}) {
    return this.power < 0 ? hall.Coverage.shade(missing.length) : ONE;
  }
};

/** The legend of the layer: which power is looked at, and what the shades mean. */
hall.CoverageLegend = class {
  /** `choose(place)` is called with the power that somebody wants to look at, -1 for all. */
  constructor(box, say, choose) {
    this._choose = choose;
    this._row = document.createElement("div");
    this._row.className = "hall-coverage";
    this._row.setAttribute("role", "group");
    this._row.hidden = true;
    this._powers = document.createElement("span");
    this._steps = [1, 2, 3].map((count) => this._step(count, say));
    this._covered = say(document.createElement("span"), "covered");
    this._row.append(say(document.createElement("span"), "lacking_title"), this._powers, ...this._steps.map(({item}) => item), this._covered);
    box.append(this._row);
  }

  /** Show the powers of the layer and the shades that there are. */
  tell(coverage) {
    const {powers, power, worst, shown} = coverage;
    this._row.hidden = !shown;
    this._row.setAttribute("aria-label", hall.words.lacking_title || "");
    const names = [hall.words.all_powers, ...powers];
    while (this._powers.childElementCount > names.length) this._powers.lastChild.remove();
    while (this._powers.childElementCount < names.length) this._powers.append(this._button(this._powers.childElementCount - 1));
    names.forEach((name, at) => {
      this._powers.children[at].textContent = name;
      this._powers.children[at].setAttribute("aria-pressed", at - 1 === power);
    });
    this._steps.forEach(({item, canvas, count}) => {
      item.hidden = power >= 0 || worst < count;
      swatch(canvas, hall.Coverage.shade(count));
    });
    this._covered.hidden = worst > 0;
  }

  _button(place) {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => this._choose(place));
    return button;
  }

  _step(count, say) {
    const item = document.createElement("span"), canvas = document.createElement("canvas");
    item.append(canvas, say(document.createElement("span"), "lacking_" + count));
    return {item, canvas, count};
  }
};

/** A piece of ground with the shade and the border that a street has. */
function swatch(canvas, strength) {
  hall.paintOn(canvas, (pen) => {
    pen.fillStyle = hall.colours.map_land;
    pen.fillRect(2, 3, 12, 10);
    pen.globalAlpha = strength;
    pen.fillStyle = hall.colours.badg;
    pen.fillRect(2, 3, 12, 10);
    pen.globalAlpha = 1;
    pen.strokeStyle = hall.colours.badg;
    pen.lineWidth = 1.5;
    pen.strokeRect(2, 3, 12, 10);
  });
}
