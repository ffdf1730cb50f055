/** How a light, a cluster and a crew look: shape first, colour third; drawn once to a sprite and stamped after that. */
"use strict";

hall.colours = {};
hall.FONT = '"Hall Sans", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';
/** Bold is for numbers and the few words beside them: their face is small, a whole second weight costs 15 MB. */
hall.font = (size, bold) => `${bold ? '700' : '400'} ${size}px ${bold ? '"Hall Digits", ' : ""}${hall.FONT}`;

/** Colour token of each light, by class. */
hall.LIGHT_TOKENS = ["okg", "warng", "badg", "paug", "tx3", "tx3"];

/** Colour token of a number beside a light, by class. */
const COUNT_TOKENS = ["tx3", "warn", "bad", "tx2", "tx2", "tx3"];

/** Draw order of single cases: what is well lies lowest, what is overdue on top. */
hall.LIGHT_ORDER = [5, 0, 4, 3, 1, 2];

hall.shapes = {
  circle(pen, r) { pen.arc(0, 0, r, 0, 2 * Math.PI); },
  triangle(pen, r) {
    pen.moveTo(0, -r);
    pen.lineTo(r, r * 0.8);
    pen.lineTo(-r, r * 0.8);
    pen.closePath();
  },
  diamond(pen, r) {
    pen.moveTo(0, -r);
    pen.lineTo(r, 0);
    pen.lineTo(0, r);
    pen.lineTo(-r, 0);
    pen.closePath();
  },
  bars(pen, r) {
    pen.rect(-r * 0.7, -r * 0.85, r * 0.5, r * 1.7);
    pen.rect(r * 0.2, -r * 0.85, r * 0.5, r * 1.7);
  },
  right(pen, r) {
    pen.moveTo(r, 0);
    pen.lineTo(-r * 0.8, -r);
    pen.lineTo(-r * 0.8, r);
    pen.closePath();
  },
  left(pen, r) {
    pen.moveTo(-r, 0);
    pen.lineTo(r * 0.8, -r);
    pen.lineTo(r * 0.8, r);
    pen.closePath();
  },
  bar(pen, r) { pen.rect(-r, -r * 0.25, 2 * r, r * 0.5); },
  square(pen, r) { pen.rect(-r * 0.8, -r * 0.8, r * 1.6, r * 1.6); },
  cross(pen, r) {
    pen.moveTo(-r, 0);
    pen.lineTo(r, 0);
    pen.moveTo(0, -r);
    pen.lineTo(0, r);
  },
  dash(pen, r) {
    pen.moveTo(-r, 0);
    pen.lineTo(r, 0);
  },
};

/** Shape, radius and way of drawing of each light, by class. */
hall.LIGHT_SHAPES = [
  {shape: "circle", r: 3.4}, {shape: "triangle", r: 5.2}, {shape: "diamond", r: 5.6},
  {shape: "bars", r: 4.6}, {shape: "bar", r: 4}, {shape: "circle", r: 2.2},
];

/** Crew states in the order of their codes, that of domain.teams.CrewStatus: off duty, available, dispatched, en route, on scene, handling, returning. */
hall.CREW_SHAPES = [
  {shape: "dash", r: 3.2, hollow: true}, {shape: "circle", r: 2.8, hollow: true}, {shape: "right", r: 3.2, hollow: true},
  {shape: "right", r: 4}, {shape: "cross", r: 3.4, hollow: true}, {shape: "square", r: 3.6}, {shape: "left", r: 4},
];

/** Draw one glyph at the pen's origin with a halo round it. */
hall.glyph = (pen, form, colour, halo) => {
  const path = () => {
    pen.beginPath();
    hall.shapes[form.shape](pen, form.r);
  };
  pen.lineJoin = "round";
  pen.lineCap = "round";
  if (halo) {
    path();
    pen.strokeStyle = halo;
    pen.lineWidth = form.hollow ? 4.6 : 3;
    pen.stroke();
  }
  pen.globalAlpha *= form.alpha || 1;
  path();
  if (form.hollow) {
    pen.strokeStyle = colour;
    pen.lineWidth = form.r < 3.5 ? 1.4 : 1.7;
    pen.stroke();
  } else {
    pen.fillStyle = colour;
    pen.fill();
  }
  pen.globalAlpha = 1;
};

const sprites = new Map();

/** Sprites belong to one dress: forget them when the colours change. */
hall.undress = () => sprites.clear();

/** A picture drawn once: `paint(pen)` draws about the centre of a square of `side` pixels. */
hall.sprite = (key, width, height, paint) => {
  const ratio = window.devicePixelRatio || 1, name = key + "@" + ratio;
  let made = sprites.get(name);
  if (!made) {
    if (sprites.size > 4000) sprites.clear();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * Math.ceil(width * ratio / 2); // even, so that its middle is a whole pixel
    canvas.height = 2 * Math.ceil(height * ratio / 2);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, canvas.width / 2, canvas.height / 2);
    paint(pen);
    made = {canvas, width: canvas.width / ratio, height: canvas.height / ratio};
    sprites.set(name, made);
  }
  return made;
};

hall.stamp = (pen, sprite, x, y) =>
  pen.drawImage(sprite.canvas, x - sprite.width / 2, y - sprite.height / 2, sprite.width, sprite.height);

hall.lightSprite = (light) => hall.sprite("light" + light, 18, 18, (pen) =>
  hall.glyph(pen, hall.LIGHT_SHAPES[light], hall.colours[hall.LIGHT_TOKENS[light]], light === 0 || light === 5 ? null : hall.colours.map_halo));

/** Draw on a small canvas of a legend, of its width and height in CSS pixels. */
hall.paintOn = (canvas, paint, width = 16, height = 16) => {
  const ratio = window.devicePixelRatio || 1, pen = canvas.getContext("2d");
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  pen.scale(ratio, ratio);
  paint(pen);
};

/** A text that can be read on any ground. */
hall.haloed = (pen, text, x, y, {size, halo, ink, align = "center"}) => {
  pen.font = hall.font(size, false);
  pen.textAlign = align;
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = halo;
  pen.strokeText(text, x, y);
  pen.fillStyle = ink;
  pen.fillText(text, x, y);
  pen.textAlign = "left";
};

/** A count short enough for a mark: from ten thousand on in 万, or k. */
hall.short = (count) => {
  if (count < 10000) return String(count);
  return hall.words.lang === "zh" ? (count / 10000).toFixed(1) + "万" : Math.round(count / 1000) + "k";
};

/** The number beside a mark: after the bar of what is not filed it would read as minus so many. */
const numberOf = (light, count) => (light === hall.LIGHT.UNFILED ? "×" : "") + hall.short(count);

/** The size of a number on the map, and how wide that of a mark is; one case has none. */
const COUNT = 11;
hall.countWidth = (light, count) => count === 1 ? 0 : hall.textWidth(numberOf(light, count), COUNT) + 1;

/** The mark of some cases of one light: its shape and their number; those on time are a plain number, one is a dot. */
hall.markSprite = (light, count) => {
  const text = numberOf(light, count), wide = hall.countWidth(light, count);
  return hall.sprite(["mark", light, text].join(), 2 * wide + 24, 18, (pen) => {
    const ink = hall.colours[COUNT_TOKENS[light]], halo = hall.colours.map_halo, isPlain = light === 0 || light === 5;
    if (isPlain && count === 1) hall.glyph(pen, {shape: "circle", r: light ? 1.4 : 1.9}, ink, halo);
    else if (!isPlain) hall.glyph(pen, hall.LIGHT_SHAPES[light], hall.colours[hall.LIGHT_TOKENS[light]], halo);
    if (count > 1) hall.haloed(pen, text, isPlain ? 0 : 7, 4, {size: COUNT, halo, ink, align: isPlain ? "center" : "left"});
  });
};

/** A crew: its shape on a small plate, so that no crew is taken for a case; an old place is dashed. */
hall.crewSprite = (status, old) => hall.sprite(["crew", status, old].join(), 18, 18, (pen) => {
  pen.setLineDash(old ? [3, 2] : []);
  hall.plate(pen, -7, -7, 14, 14, 3, hall.colours.bg1, hall.colours[old ? "ln3" : "ln2"]);
  pen.setLineDash([]);
  if (status < 2) pen.scale(0.85, 0.85);
  hall.glyph(pen, hall.CREW_SHAPES[status] || hall.CREW_SHAPES[1], hall.colours[status > 1 && !old ? "tx2" : "tx3"], null);
});

/** A case drawn as itself: what is well is a dot here too. */
hall.singleSprite = (light) => light !== hall.LIGHT.ON_TIME ? hall.lightSprite(light) : hall.sprite("single", 12, 12, (pen) =>
  hall.glyph(pen, {shape: "circle", r: 2.8}, hall.colours[COUNT_TOKENS[light]], hall.colours.map_halo));

/** Several crews at one place: how many, beside the shape of the first. */
hall.stackSprite = (count) => hall.sprite("stack" + count, 40, 18, (pen) => {
  hall.haloed(pen, "×" + count, 0, 4, {size: COUNT, halo: hall.colours.map_halo, ink: hall.colours.tx3, align: "left"});
});
hall.stackWidth = (count) => count === 1 ? 0 : hall.textWidth("×" + count, COUNT) + 3;

/** A crew near the chosen case: the key that sends it. The nearest one is filled. */
hall.keySprite = (key) => hall.sprite("key" + key, 20, 20, (pen) => {
  const {acf, acb, ac, onac} = hall.colours;
  hall.plate(pen, -8, -8, 16, 16, 3, key === 1 ? acf : acb, ac);
  pen.font = hall.font(11, true);
  pen.textAlign = "center";
  pen.fillStyle = key === 1 ? onac : ac;
  pen.fillText(String(key), 0, 4);
});
