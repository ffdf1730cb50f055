"""The room 队伍: streets as lanes of 4+X units with their queues and crews, what to do next, who is on duty where."""
