"""Tables and lists whose rows change without moving under the user's hand."""
