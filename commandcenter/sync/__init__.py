"""Carries things between rooms: what arrives on to the board, what people do to the platform; one door, the desk."""
