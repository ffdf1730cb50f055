"""An hour at the desk: a person of each seat works in the real window while the demonstration's shift goes on."""
