"""需处理: what waits for a person, in three versions field by field, and what each choice does."""
