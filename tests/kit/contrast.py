"""Contrast (WCAG 2) as it is measured in pictures, by rules of its own: luminances, and a mark against its ground."""

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage

SCALE = 4  # of pictures: at four times its size a stroke has pixels of its full colour
GROUND = 0.03  # from which share of a picture on a colour is a ground
LIKE = 3  # by which each part of a colour may be off


def pixels_of(image: QImage) -> np.ndarray:
    """Returns the colours of a picture, 0xRRGGBB, int[h, w]."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), -1) & 0xFFFFFF


def luminance(colours: np.ndarray) -> np.ndarray:
    """Returns the relative luminance (WCAG 2) of colours 0xRRGGBB, from 0 to 1."""
    parts = np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.array([0.2126, 0.7152, 0.0722]) @ linear)


def contrast_of(pixels: np.ndarray, box: QRectF, shade: QColor, *, grounds: Collection[int]) -> float | None:
    """Returns the contrast of what has the colour `shade` in `box` to the ground at its sides; None if nothing has.

    `pixels` are those of a picture at SCALE, 0xRRGGBB or with alpha above, int[h, w]; `box` is in logical pixels.
    Of several sides the one that is least unlike counts; what is none of the `grounds`, as another mark, counts only
    where no side is one. Without a valid `shade` it is the contrast of what is most unlike to what is most frequent.
    """
    inside = QRectF(box.topLeft() * SCALE, box.size() * SCALE).toAlignedRect()
    wide = inside.adjusted(-SCALE, -SCALE, SCALE, SCALE).intersected(QRect(0, 0, pixels.shape[1], pixels.shape[0]))
    part = pixels[wide.top() : wide.bottom() + 1, wide.left() : wide.right() + 1] & 0xFFFFFF
    if not shade.isValid():
        return float(ratio(luminance(np.unique(part)), luminance(np.array(_most(part)))).max())
    inner = inside.translated(-wide.topLeft())
    is_mark = np.zeros(part.shape, bool)
    reach = (slice(max(inner.top(), 0), inner.bottom() + 1), slice(max(inner.left(), 0), inner.right() + 1))
    is_mark[reach] = is_like(part[reach], _laid(shade, part))
    if is_mark.sum() < 2 * SCALE:
        return None
    sides = _sides(part, is_mark)
    beside = [side for side in sides if side in grounds] or sides
    mark = luminance(np.array(np.median(part[is_mark]).astype(int)))
    return float(ratio(luminance(np.array(beside)), mark).min()) if beside else 1.0


def ratio(some: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Returns the contrast ratios (WCAG 2) of two luminances, from 1 to 21."""
    return np.asarray((np.maximum(some, other) + 0.05) / (np.minimum(some, other) + 0.05))


def grounds_of(pixels: np.ndarray) -> set[int]:
    """Returns the colours 0xRRGGBB that are a ground by their share of such a picture."""
    known, counts = np.unique(pixels[::SCALE, ::SCALE] & 0xFFFFFF, return_counts=True)
    return {int(colour) for colour in known[counts > GROUND * counts.sum()]}


def is_like(colours: np.ndarray, shade: int) -> np.ndarray:
    """Returns which of the colours 0xRRGGBB are `shade`, bool like `colours`."""
    return np.asarray(np.all([np.abs(_part(colours, at) - _part(shade, at)) <= LIKE for at in (16, 8, 0)], axis=0))


def _sides(part: np.ndarray, is_mark: np.ndarray) -> list[int]:
    """Returns the most frequent colour along each side of a mark, a logical pixel away from it."""
    (top, bottom), (left, right) = (np.flatnonzero(is_mark.any(axis=axis))[[0, -1]] for axis in (1, 0))
    rows, columns = slice(top, bottom + 1), slice(left, right + 1)
    lines = ((0, top - SCALE, columns), (0, bottom + SCALE, columns), (1, left - SCALE, rows), (1, right + SCALE, rows))
    return [_most(part.take(at, axis)[along]) for axis, at, along in lines if 0 <= at < part.shape[axis]]


def _most(colours: np.ndarray) -> int:
    known, counts = np.unique(colours, return_counts=True)
    return int(known[counts.argmax()])


def _laid(shade: QColor, part: np.ndarray) -> int:
    """Returns a translucent colour as it looks on what is most frequent there."""
    share, ground = shade.alphaF(), _most(part)
    mixed = [
        round(over * share + (ground >> shift & 0xFF) * (1 - share))
        for over, shift in zip(shade.getRgb()[:3], (16, 8, 0), strict=True)  # type: ignore[arg-type]
    ]
    return mixed[0] << 16 | mixed[1] << 8 | mixed[2]


def _part(colours: np.ndarray | int, shift: int) -> np.ndarray:
    return np.asarray(np.asarray(colours) >> shift & 0xFF).astype(int)
