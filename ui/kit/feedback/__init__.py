"""What a screen says by itself: loading, nothing here, an error, a banner, a toast."""
