"""What runs a platform: serve with its connections and their limits, import, backup, restore, the administrator."""
