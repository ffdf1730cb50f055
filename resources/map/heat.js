/** The heat of the cases: a small raster, blurred once a redraw, in five steps of one hue. */
"use strict";

hall.Heat = class {
  constructor() {
    this._canvas = document.createElement("canvas");
    this._pen = this._canvas.getContext("2d");
  }

  /** Count, blur and colour; `draw` then lays it under the marks. */
  draw(pen, view, columns) {
    const width = Math.ceil(view.width / 4), height = Math.ceil(view.height / 4);
    const heat = this._count(view, columns, width, height);
    let other = new Float32Array(heat.length), from = heat;
    for (let pass = 0; pass < 3; pass++) {
      blurRows(from, other, width, height, 4);
      blurColumns(other, from, width, height, 4);
    }
    this._paint(from, width, height);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(this._canvas, 0, 0, width * 4, height * 4);
  }

  _count(view, columns, width, height) {
    const heat = new Float32Array(width * height), scale = view.scale / 4, left = view.left / 4, top = view.top / 4;
    for (let i = 0; i < columns.count; i++) {
      if (columns.cell[i] < 0) continue;
      const x = Math.floor(columns.x[i] * scale - left), y = Math.floor(columns.y[i] * scale - top);
      if (x >= 0 && y >= 0 && x < width && y < height) heat[y * width + x]++;
    }
    return heat;
  }

  _paint(heat, width, height) {
    this._canvas.width = width;
    this._canvas.height = height;
    let most = 0;
    for (let i = 0; i < heat.length; i++) if (heat[i] > most) most = heat[i];
    const image = this._pen.createImageData(width, height), ramp = this._ramp();
    for (let i = 0; i < heat.length && most > 0; i++) {
      const step = Math.min(255, Math.round(Math.sqrt(heat[i] / most) * 255)) * 4;
      image.data[4 * i] = ramp[step];
      image.data[4 * i + 1] = ramp[step + 1];
      image.data[4 * i + 2] = ramp[step + 2];
      image.data[4 * i + 3] = ramp[step + 3];
    }
    this._pen.putImageData(image, 0, 0);
  }

  _ramp() {
    const canvas = document.createElement("canvas");
    canvas.width = 256;
    canvas.height = 1;
    const pen = canvas.getContext("2d"), fade = pen.createLinearGradient(0, 0, 256, 0);
    for (let step = 0; step < 5; step++) fade.addColorStop(step / 4, hall.colours["heat" + step]);
    pen.fillStyle = fade;
    pen.fillRect(0, 0, 256, 1);
    const ramp = pen.getImageData(0, 0, 256, 1).data;
    for (let i = 0; i < 256; i++) ramp[4 * i + 3] = Math.min(225, Math.max(0, (i - 24) * 3));
    return ramp;
  }
};

/** Running mean of 2·reach + 1 values along each row. */
function blurRows(from, to, width, height, reach) {
  const share = 1 / (2 * reach + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = -reach; x < width; x++) {
      if (x + reach < width) sum += from[row + x + reach];
      if (x - reach - 1 >= 0) sum -= from[row + x - reach - 1];
      if (x >= 0) to[row + x] = sum * share;
    }
  }
}

/** The same along each column. */
function blurColumns(from, to, width, height, reach) {
  const share = 1 / (2 * reach + 1);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let y = -reach; y < height; y++) {
      if (y + reach < height) sum += from[(y + reach) * width + x];
      if (y - reach - 1 >= 0) sum -= from[(y - reach - 1) * width + x];
      if (y >= 0) to[y * width + x] = sum * share;
    }
  }
}
