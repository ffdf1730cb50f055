"""The handover report 交接班: what the next shift takes over, on the screen, on paper and as a PDF."""
