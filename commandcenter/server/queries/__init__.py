"""The queries behind the routes: lists of cases by filter and text, figures, and the day of a seat."""
