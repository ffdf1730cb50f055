"""The inbox 需处理: acts that need a person's decision, in three versions field by field, with the possible choices."""
