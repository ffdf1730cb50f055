"""How console and platform speak: codec, frames, paths, problems. Both ends import it, and of each other only it."""

VERSION = 1
