"""Fault schedules: real consoles and the real platform in one process, in virtual time, judged after every step."""
