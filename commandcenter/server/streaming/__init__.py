"""What subscribers receive: snapshots, and streams of what they may see."""
