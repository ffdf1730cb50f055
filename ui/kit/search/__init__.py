"""Search by name or pinyin, and the list of candidates."""
