"""Status bar, connection banner and panel, history of outages, and the seat's own acts with their toasts."""
