"""Fault schedules: real consoles and the real platform in one process and in virtual time, judged after every step."""
