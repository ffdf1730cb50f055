"""The live map: folium's page once, a canvas layer of our own on it, and the dock that feeds it."""
