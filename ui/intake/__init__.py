"""The form 受理登记: who calls, where, what; duplicates and the place's history while one types."""
