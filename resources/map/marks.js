/** How a light, a cluster and a crew look: shape first, colour third; drawn once to a sprite and stamped after that. */
"use strict";

hall.colours = {};
hall.FONT = '"Hall Sans", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';
/** Bold is for numbers and the few words beside them: their face is small, a whole second weight costs 15 MB. */
hall.font = (size, bold) => `${bold ? '700' : '400'} ${size}px ${bold ? '"Hall Digits", ' : ""}${hall.FONT}`;

/** Colour token of each light, by class. */
hall.LIGHT_TOKENS = ["okg", "warng", "badg", "paug", "tx2", "tx3"];

/** Draw order of single cases: what is well lies lowest, what is overdue on top. */
hall.LIGHT_ORDER = [5, 0, 4, 3, 1, 2];

/** Order round a cluster's ring, from the top clockwise. */
hall.RING_ORDER = [2, 1, 3, 4, 0, 5];

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
  left(pen, r) {
    pen.moveTo(-r, 0);
    pen.lineTo(r * 0.8, -r);
    pen.lineTo(r * 0.8, r);
    pen.closePath();
  },
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
  {shape: "circle", r: 3.7, alpha: 0.72}, {shape: "triangle", r: 5.2}, {shape: "diamond", r: 5.6},
  {shape: "bars", r: 5}, {shape: "circle", r: 3.6, hollow: true}, {shape: "circle", r: 2.6, alpha: 0.5},
];

/** Crew states in the order of their codes, that of domain.teams.CrewStatus: off duty, available, dispatched, en route, on scene, handling, returning. */
hall.CREW_SHAPES = [
  {shape: "dash", r: 3.2, hollow: true}, {shape: "circle", r: 2.8, hollow: true}, {shape: "triangle", r: 3.4, hollow: true},
  {shape: "triangle", r: 4.2}, {shape: "cross", r: 3.4, hollow: true}, {shape: "square", r: 3.8}, {shape: "left", r: 4},
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

/** A crew: its shape on a small plate, so that no crew is taken for a case; who is at rest recedes, an old place is dashed. */
hall.crewSprite = ({status, old}, near) => hall.sprite(["crew", status, old, near].join(), 18, 18, (pen) => {
  const works = status > 1, half = works || near || old ? 7 : 5;
  pen.setLineDash(old ? [3, 2] : []);
  hall.plate(pen, -half, -half, 2 * half, 2 * half, 3, hall.colours.bg1, hall.colours[works || old ? "ln3" : "ln2"]);
  pen.setLineDash([]);
  if (half < 7) pen.scale(0.75, 0.75);
  hall.glyph(pen, hall.CREW_SHAPES[status] || hall.CREW_SHAPES[1], works && !old ? hall.colours.tx1 : hall.colours.tx3, null);
});

/** Radius of a cluster by its count. */
hall.radius = (count) => count < 10 ? 11 : count < 40 ? 14 : count < 1000 ? 17 : 19;

/** A count short enough for a mark: from ten thousand on in 万, or k. */
hall.short = (count) => {
  if (count < 10000) return String(count);
  return hall.words.lang === "zh" ? (count / 10000).toFixed(1) + "万" : Math.round(count / 1000) + "k";
};

/** A cluster: ground, ring split by light (what is on time at half strength), number, a diamond if any is overdue. */
hall.cluster = (pen, x, y, count, split, at) => {
  const r = hall.radius(count), colours = hall.colours;
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = colours.bg1;
  pen.fill();
  pen.lineWidth = 2.5;
  let from = -Math.PI / 2;
  for (const light of hall.RING_ORDER) {
    const part = split[at + light] / count * 2 * Math.PI;
    if (part === 0) continue;
    pen.beginPath();
    pen.arc(x, y, r - 1.25, from, from + part);
    pen.strokeStyle = colours[hall.LIGHT_TOKENS[light]];
    pen.globalAlpha = light === hall.LIGHT.ON_TIME ? 0.5 : light === hall.LIGHT.ENDED ? 0.35 : 1;
    pen.stroke();
    from += part;
  }
  pen.globalAlpha = 1;
  const text = hall.short(count);
  hall.stamp(pen, hall.number(text, count >= 1000 ? 10 : 11), x, y);
  if (split[at + hall.LIGHT.OVERDUE] > 0) hall.stamp(pen, hall.overdueSprite(), x + r * 0.74, y - r * 0.74);
};

hall.number = (text, size) => hall.sprite("number" + size + text, 8 + text.length * size * 0.9, size + 6, (pen) => {
  pen.font = hall.font(size, true);
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.fillStyle = hall.colours.tx1;
  pen.fillText(text, 0, Math.round(size * 0.37));
});

hall.overdueSprite = () => hall.sprite("overdue", 14, 14, (pen) =>
  hall.glyph(pen, {shape: "diamond", r: 4}, hall.colours.badg, hall.colours.map_halo));
