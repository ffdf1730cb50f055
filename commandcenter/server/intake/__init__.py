"""What other systems send: mappings (data), the table they describe, and each row as a wish to import a case."""
