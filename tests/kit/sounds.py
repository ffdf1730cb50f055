"""Makes the sounds of attention from sines; `python -m tests.kit.sounds` writes them anew into resources/sounds."""

import io
import math
import struct
import wave
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "resources" / "sounds"
RATE = 22_050  # samples a second
FADE_IN, LOUD = 0.008, 0.5  # seconds; share of the loudest sample that there can be
# By level its notes: (begins at, lasts, frequency), in seconds and hertz. Each fades away.
NOTES = {
    "notice": ((0.0, 0.30, 880.0),),
    "important": ((0.0, 0.22, 784.0), (0.15, 0.35, 1046.5)),
    "urgent": ((0.0, 0.18, 988.0), (0.17, 0.18, 1318.5), (0.34, 0.18, 988.0), (0.51, 0.34, 1318.5)),
}


def sound(name: str) -> bytes:
    """Returns the sound of a level as a WAV file: mono, 16 bit."""
    notes = NOTES[name]
    length = max(begins + lasts for begins, lasts, _ in notes)
    samples = (_sample(at / RATE, notes) for at in range(round(length * RATE)))
    packed = b"".join(struct.pack("<h", round(32767 * LOUD * max(-1.0, min(1.0, one)))) for one in samples)
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(packed)
    return made.getvalue()


def _sample(at: float, notes: tuple[tuple[float, float, float], ...]) -> float:
    """Returns what all notes give at a moment: each a sine with a quiet octave, quickly there, slowly gone."""
    total = 0.0
    for begins, lasts, pitch in notes:
        since = at - begins
        if 0 <= since < lasts:
            shape = min(1.0, since / FADE_IN) * math.exp(-4 * since / lasts) * min(1.0, (lasts - since) / 0.02)
            total += shape * (math.sin(math.tau * pitch * since) + 0.25 * math.sin(2 * math.tau * pitch * since)) / 1.25
    return total


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for level in NOTES:
        (FOLDER / f"{level}.wav").write_bytes(sound(level))
