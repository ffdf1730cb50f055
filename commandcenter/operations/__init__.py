"""The programs that run a platform: serve with its connections and limits, import, backup, restore, administrator."""
