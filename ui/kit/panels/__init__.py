"""What a panel is laid out with: its header, its tabs, its scroll area."""
