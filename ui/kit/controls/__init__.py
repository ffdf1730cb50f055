"""What is pressed or switched: buttons, switches, segments, tabs with counts."""
