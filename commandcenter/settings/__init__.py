"""What a person or a site may choose, and where it is kept."""
