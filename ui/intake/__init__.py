"""The intake form 受理登记: who calls, where and what; it shows duplicates and the place's history during typing."""
