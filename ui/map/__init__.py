"""The live map: folium's page, generated once, a canvas layer of our own on it, and the dock panel that feeds it."""
